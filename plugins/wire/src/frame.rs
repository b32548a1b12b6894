//! Length-prefixed JSON, both ways: four bytes big-endian, then the message.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::{Batch, BatchRef, Check, CheckReport, Golden, Outcome, TestFailure, TestResult};

/// The largest message either side accepts.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// What the server asks of a script process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Ping,
    Run(Box<Batch>),
    Check(Box<Check>),
    /// Run a script's golden tests.
    Prove(Box<Golden>),
    /// The functions a script may use, for completion and help.
    Metadata,
    /// Gives back the same bytes: the yardstick of the benchmark.
    Echo(Box<RawValue>),
    /// Reads a batch and gives it back: what the messages alone cost.
    Mirror(Box<Batch>),
}

/// [`Request::Run`] without owning the batch.
#[derive(Debug, Serialize)]
pub struct RunRef<'a> {
    pub run: BatchRef<'a>,
}

/// What a script process answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Pong {
        version: String,
    },
    /// Outcomes so far; more follow. Sent when a batch takes long, so that silence means trouble.
    Some(Vec<Outcome>),
    /// The rest of a batch's outcomes.
    Ran(Vec<Outcome>),
    /// Nothing was run: these sources must be sent along.
    UnknownHash(Vec<String>),
    Checked(CheckReport),
    /// Results so far; more follow.
    Proving(Vec<TestResult>),
    /// The rest of the results.
    Proved(Vec<TestResult>),
    /// The script or its tests do not parse.
    Unreadable(TestFailure),
    Metadata(Value),
    Echo(Box<RawValue>),
    Mirror(Box<Batch>),
    /// The request itself was not understood.
    Refused {
        code: String,
        message: String,
    },
}

#[derive(Debug)]
pub enum FrameError {
    /// The other side closed the pipe between two messages.
    Closed,
    TooLarge(usize),
    Io(io::Error),
    Json(serde_json::Error),
}

/// Writes one message and flushes.
pub fn write_frame(to: &mut impl Write, message: &impl Serialize) -> Result<(), FrameError> {
    let bytes = encode(message)?;
    to.write_all(&bytes)?;
    to.flush()?;
    Ok(())
}

/// Reads one message, using `buffer` for its bytes.
pub fn read_frame<T: DeserializeOwned>(from: &mut impl Read, buffer: &mut Vec<u8>) -> Result<T, FrameError> {
    let mut head = [0u8; 4];
    match from.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(FrameError::Closed);
        }
        Err(error) => return Err(error.into()),
    }
    let length = checked_length(head)?;
    buffer.clear();
    // Grows with what really arrives, so a lying length costs nothing.
    from.take(length as u64).read_to_end(buffer)?;
    decode(buffer, length)
}

/// [`write_frame`] on the parent's side.
#[cfg(feature = "tokio")]
pub async fn write_frame_async(
    to: &mut (impl tokio::io::AsyncWrite + Unpin),
    message: &impl Serialize,
) -> Result<(), FrameError> {
    use tokio::io::AsyncWriteExt;
    let bytes = encode(message)?;
    to.write_all(&bytes).await?;
    to.flush().await?;
    Ok(())
}

/// [`read_frame`] on the parent's side.
#[cfg(feature = "tokio")]
pub async fn read_frame_async<T: DeserializeOwned>(
    from: &mut (impl tokio::io::AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
) -> Result<T, FrameError> {
    use tokio::io::AsyncReadExt;
    let mut head = [0u8; 4];
    match from.read_exact(&mut head).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(FrameError::Closed);
        }
        Err(error) => return Err(error.into()),
    }
    let length = checked_length(head)?;
    buffer.clear();
    from.take(length as u64).read_to_end(buffer).await?;
    decode(buffer, length)
}

fn encode(message: &impl Serialize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0u8; 4];
    serde_json::to_writer(&mut bytes, message)?;
    let length = bytes.len() - 4;
    if length > MAX_FRAME {
        return Err(FrameError::TooLarge(length));
    }
    bytes[..4].copy_from_slice(&(length as u32).to_be_bytes());
    Ok(bytes)
}

fn checked_length(head: [u8; 4]) -> Result<usize, FrameError> {
    let length = u32::from_be_bytes(head) as usize;
    if length > MAX_FRAME {
        Err(FrameError::TooLarge(length))
    } else {
        Ok(length)
    }
}

fn decode<T: DeserializeOwned>(buffer: &[u8], length: usize) -> Result<T, FrameError> {
    if buffer.len() < length {
        return Err(FrameError::Closed);
    }
    Ok(serde_json::from_slice(buffer)?)
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> FrameError {
        FrameError::Io(error)
    }
}

impl From<serde_json::Error> for FrameError {
    fn from(error: serde_json::Error) -> FrameError {
        FrameError::Json(error)
    }
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FrameError::Closed => f.write_str("the other side closed the pipe"),
            FrameError::TooLarge(length) => {
                write!(f, "a message of {length} bytes is over {MAX_FRAME}")
            }
            FrameError::Io(error) => write!(f, "pipe: {error}"),
            FrameError::Json(error) => write!(f, "message: {error}"),
        }
    }
}

impl std::error::Error for FrameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_went() {
        let mut pipe = Vec::new();
        let raw = RawValue::from_string(r#"{"a": [1,  2]}"#.into()).unwrap();
        write_frame(&mut pipe, &Request::Echo(raw)).unwrap();
        write_frame(&mut pipe, &Request::Ping).unwrap();
        let (mut from, mut buffer) = (pipe.as_slice(), Vec::new());
        let first: Request = read_frame(&mut from, &mut buffer).unwrap();
        assert!(matches!(first, Request::Echo(raw) if raw.get() == r#"{"a": [1,  2]}"#));
        assert!(matches!(read_frame(&mut from, &mut buffer), Ok(Request::Ping)));
        assert!(matches!(
            read_frame::<Request>(&mut from, &mut buffer),
            Err(FrameError::Closed)
        ));
    }

    #[test]
    fn a_lying_length_is_refused_or_found_out() {
        let mut buffer = Vec::new();
        let huge = [0xff, 0xff, 0xff, 0xff];
        assert!(matches!(
            read_frame::<Request>(&mut huge.as_slice(), &mut buffer),
            Err(FrameError::TooLarge(_))
        ));
        let short = [0x00, 0xff, 0xff, 0xff, b'{'];
        assert!(matches!(
            read_frame::<Request>(&mut short.as_slice(), &mut buffer),
            Err(FrameError::Closed)
        ));
    }
}
