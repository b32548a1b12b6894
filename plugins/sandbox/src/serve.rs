//! One request, one answer, until the parent closes the pipe.

use std::io::{Read, Write};

use wire::{FrameError, Reply, Request, read_frame, write_frame};

use crate::scripts::Scripts;
use crate::{check, golden, metadata, run};

pub fn serve(mut from: impl Read, mut to: impl Write) -> Result<(), String> {
    let mut scripts = Scripts::new();
    let mut buffer = Vec::new();
    loop {
        let request: Request = match read_frame(&mut from, &mut buffer) {
            Ok(request) => request,
            Err(FrameError::Closed) => return Ok(()),
            Err(FrameError::Json(error)) => {
                let refusal = Reply::Refused {
                    code: "bad_request".into(),
                    message: error.to_string(),
                };
                write_frame(&mut to, &refusal).map_err(|error| error.to_string())?;
                continue;
            }
            Err(error) => return Err(error.to_string()),
        };
        // A grown buffer is not kept: one large import must not set the size of an idle process.
        if buffer.capacity() > 1024 * 1024 {
            buffer = Vec::new();
        }
        let reply = match request {
            Request::Ping => Reply::Pong {
                version: env!("CARGO_PKG_VERSION").into(),
            },
            Request::Echo(bytes) => Reply::Echo(bytes),
            Request::Mirror(batch) => Reply::Mirror(batch),
            Request::Metadata => Reply::Metadata(metadata::describe(scripts.library())),
            Request::Check(check) => Reply::Checked(check::check(scripts.library(), &check)),
            Request::Prove(golden) => {
                let progress =
                    |results| write_frame(&mut to, &Reply::Proving(results)).map_err(|error| error.to_string());
                match golden::run(scripts.library(), *golden, progress)? {
                    Ok(results) => Reply::Proved(results),
                    Err(fault) => Reply::Unreadable(fault.into()),
                }
            }
            Request::Run(batch) => {
                let progress =
                    |outcomes| write_frame(&mut to, &Reply::Some(outcomes)).map_err(|error| error.to_string());
                run::run(&mut scripts, *batch, progress)?
            }
        };
        write_frame(&mut to, &reply).map_err(|error| error.to_string())?;
    }
}
