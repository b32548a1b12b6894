//! One script process: started with nothing of ours in its environment, watched while it works,
//! killed when it falls silent.

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::Serialize;
use tokio::io::BufReader;
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, timeout};
use wire::{
    Batch, Call, FrameError, Golden, Layer, Outcome, Reply, Request, RunRef, TestFailure, TestResult, read_frame_async,
    write_frame_async,
};

/// However busy the machine, a silence this long ends the process.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);
const TICKS_PER_SECOND: u64 = 100;

pub struct Child {
    process: tokio::process::Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    buffer: Vec<u8>,
    /// Scripts it was sent; it may have forgotten some and will then ask.
    sent: HashSet<String>,
    pub calls: u64,
    /// It has answered before, so its death may be old news.
    pub proven: bool,
    patience: Duration,
}

/// How an exchange ended without the answer hoped for. The process is then not used again.
#[derive(Debug)]
pub enum Broken {
    /// It died by itself.
    Dead(String),
    /// It fell silent and was killed.
    Silent(String),
    /// It did not accept the request; it is healthy.
    Refused { code: String, message: String },
}

impl Child {
    pub fn spawn(binary: &Path, patience: Duration) -> std::io::Result<Child> {
        let mut process = Command::new(binary)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let missing = || std::io::Error::other("the script process has no pipe");
        let stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = BufReader::with_capacity(64 * 1024, process.stdout.take().ok_or_else(missing)?);
        Ok(Child {
            process,
            stdin,
            stdout,
            buffer: Vec::new(),
            sent: HashSet::new(),
            calls: 0,
            proven: false,
            patience,
        })
    }

    /// Runs calls of a batch. `done` gets the outcomes as they come, also those before a death.
    pub async fn run(&mut self, batch: &Batch, calls: &[Call], done: &mut Vec<Outcome>) -> Result<(), Broken> {
        self.calls += calls.len() as u64;
        let known = |layer: &Layer| self.sent.contains(&layer.hash);
        let bare: Vec<Layer> = batch
            .layers
            .iter()
            .map(|layer| if known(layer) { layer.bare() } else { layer.clone() })
            .collect();
        self.send(&RunRef {
            run: batch.with(&bare, calls),
        })
        .await?;
        let mut sent_all = false;
        loop {
            match self.receive().await? {
                Reply::Some(outcomes) => done.extend(outcomes),
                Reply::Ran(outcomes) => {
                    done.extend(outcomes);
                    self.sent.extend(bare.into_iter().map(|layer| layer.hash));
                    return Ok(());
                }
                Reply::UnknownHash(_) if !sent_all => {
                    sent_all = true;
                    self.send(&RunRef {
                        run: batch.with(&batch.layers, calls),
                    })
                    .await?;
                }
                Reply::UnknownHash(missing) => {
                    let message = format!("no source was given for {}", missing.join(", "));
                    return Err(Broken::Refused {
                        code: "source_missing".into(),
                        message,
                    });
                }
                other => return Err(refusal(other)),
            }
        }
    }

    /// Runs golden tests; whose texts do not parse, says where.
    pub async fn prove(&mut self, golden: Golden, done: &mut Vec<TestResult>) -> Result<Option<TestFailure>, Broken> {
        self.send(&Request::Prove(Box::new(golden))).await?;
        loop {
            match self.receive().await? {
                Reply::Proving(results) => done.extend(results),
                Reply::Proved(results) => {
                    done.extend(results);
                    return Ok(None);
                }
                Reply::Unreadable(failure) => return Ok(Some(failure)),
                other => return Err(refusal(other)),
            }
        }
    }

    /// A request with a single answer.
    pub async fn ask(&mut self, request: &Request) -> Result<Reply, Broken> {
        self.send(request).await?;
        match self.receive().await? {
            refused @ Reply::Refused { .. } => Err(refusal(refused)),
            reply => Ok(reply),
        }
    }

    async fn send(&mut self, request: &impl Serialize) -> Result<(), Broken> {
        match timeout(LONGEST_SILENCE, write_frame_async(&mut self.stdin, request)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(FrameError::TooLarge(size))) => {
                let message = format!("the request has {size} bytes");
                Err(Broken::Refused {
                    code: "too_large".into(),
                    message,
                })
            }
            Ok(Err(error)) => Err(Broken::Dead(error.to_string())),
            Err(_) => Err(self.kill("it does not read")),
        }
    }

    /// One reply. Silence ends the process once it is the script's own doing: it has used the CPU
    /// for as long as that; or when it lasts far too long.
    async fn receive(&mut self) -> Result<Reply, Broken> {
        let from = Instant::now();
        let cpu_from = self.cpu_time();
        {
            let Child {
                process,
                stdout,
                buffer,
                patience,
                ..
            } = &mut *self;
            let mut reading = std::pin::pin!(read_frame_async(stdout, buffer));
            loop {
                match timeout(*patience / 5, &mut reading).await {
                    Ok(Ok(reply)) => return Ok(reply),
                    Ok(Err(error)) => return Err(Broken::Dead(error.to_string())),
                    Err(_) => {
                        let silent = from.elapsed();
                        let busy = match (cpu_of(process.id()), cpu_from) {
                            (Some(now), Some(then)) => now.saturating_sub(then),
                            _ => silent,
                        };
                        if (silent >= *patience && busy >= *patience * 4 / 5) || silent >= LONGEST_SILENCE {
                            break;
                        }
                    }
                }
            }
        }
        Err(self.kill("it fell silent"))
    }

    fn kill(&mut self, why: &str) -> Broken {
        let _ = self.process.start_kill();
        Broken::Silent(why.to_string())
    }

    fn cpu_time(&self) -> Option<Duration> {
        cpu_of(self.process.id())
    }
}

fn refusal(reply: Reply) -> Broken {
    match reply {
        Reply::Refused { code, message } => Broken::Refused { code, message },
        other => Broken::Dead(
            format!("it answered out of turn: {other:?}")
                .chars()
                .take(200)
                .collect(),
        ),
    }
}

/// CPU time of a process so far, where the system tells.
fn cpu_of(id: Option<u32>) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", id?)).ok()?;
    // The name before it may hold anything, also brackets and spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let total = ticks()? + ticks()?;
    Some(Duration::from_millis(total * 1_000 / TICKS_PER_SECOND))
}
