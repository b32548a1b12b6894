//! The ten moments a tenant's script may decide about.

use serde::{Deserialize, Serialize};

/// A function a script may define; each takes one `ctx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hook {
    OnLeadCreated,
    OnStatusChanged,
    Distribute,
    OnFollowupCompleted,
    OnOverdue,
    Reactivation,
    LeadScore,
    KpiScore,
    TrialRules,
    Message,
}

impl Hook {
    pub const ALL: [Hook; 10] = [
        Hook::OnLeadCreated,
        Hook::OnStatusChanged,
        Hook::Distribute,
        Hook::OnFollowupCompleted,
        Hook::OnOverdue,
        Hook::Reactivation,
        Hook::LeadScore,
        Hook::KpiScore,
        Hook::TrialRules,
        Hook::Message,
    ];

    /// The name of the function in a script, of the hook in a URL and in a stored decision.
    pub const fn as_str(self) -> &'static str {
        match self {
            Hook::OnLeadCreated => "on_lead_created",
            Hook::OnStatusChanged => "on_status_changed",
            Hook::Distribute => "distribute",
            Hook::OnFollowupCompleted => "on_followup_completed",
            Hook::OnOverdue => "on_overdue",
            Hook::Reactivation => "reactivation",
            Hook::LeadScore => "lead_score",
            Hook::KpiScore => "kpi_score",
            Hook::TrialRules => "trial_rules",
            Hook::Message => "message",
        }
    }

    pub fn parse(name: &str) -> Option<Hook> {
        Hook::ALL.into_iter().find(|hook| hook.as_str() == name)
    }
}

impl std::fmt::Display for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
