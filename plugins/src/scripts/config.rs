//! How many processes, how patient, and what can go wrong with them.

use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct HostConfig {
    /// `MARKAZ_SANDBOX`; without it the usual places are searched.
    pub binary: Option<PathBuf>,
    /// At least two.
    pub processes: usize,
    /// A process silent for so long, and busy, is killed.
    pub patience: Duration,
    /// A process is replaced after so many calls.
    pub recycle_after: u64,
}

impl Default for HostConfig {
    fn default() -> HostConfig {
        HostConfig {
            binary: None,
            processes: 2,
            patience: Duration::from_millis(500),
            recycle_after: 50_000,
        }
    }
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum HostError {
    #[error("the script process was not found; looked at {}", .0.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    NotFound(Vec<PathBuf>),
    /// It cannot be started or dies at once. The caller goes on by its native rules.
    #[error("the script process is unavailable: {0}")]
    Unavailable(String),
    #[error("the script process refused the batch: {message} ({code})")]
    Refused { code: String, message: String },
    /// The script brought the process down.
    #[error("the script was stopped: {0}")]
    Killed(String),
}

impl HostError {
    /// Stable.
    pub fn code(&self) -> &'static str {
        match self {
            HostError::NotFound(_) | HostError::Unavailable(_) => "sandbox_unavailable",
            HostError::Refused { .. } => "sandbox_refused",
            HostError::Killed(_) => "script_killed",
        }
    }
}
