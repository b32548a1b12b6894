//! Every permission there is, as casbin knows it (object, action), and a set of them as bits.

/// One thing an actor may do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Permit {
    LeadsOwn,
    LeadsAll,
    LeadsCreate,
    LeadsAssign,
    LeadsMoveBack,
    LeadsTrash,
    FollowUpsOwn,
    FollowUpsAll,
    FollowUpsBulk,
    FollowUpsDelete,
    ImportsCreate,
    ImportsAll,
    CoursesRead,
    CoursesWrite,
    StaffRead,
    StaffSales,
    StaffManagers,
    LeaveOwn,
    LeaveDecide,
    Distribution,
    Scripts,
    Settings,
    Roles,
    Bot,
    Audit,
    TeamNumbers,
    Profile,
}

impl Permit {
    pub const ALL: &'static [(Permit, &'static str, &'static str)] = &[
        (Permit::LeadsOwn, "leads:own", "work"),
        (Permit::LeadsAll, "leads:all", "work"),
        (Permit::LeadsCreate, "leads", "create"),
        (Permit::LeadsAssign, "leads", "assign"),
        (Permit::LeadsMoveBack, "leads", "move_back"),
        (Permit::LeadsTrash, "leads", "trash"),
        (Permit::FollowUpsOwn, "follow_ups:own", "work"),
        (Permit::FollowUpsAll, "follow_ups:all", "work"),
        (Permit::FollowUpsBulk, "follow_ups", "bulk"),
        (Permit::FollowUpsDelete, "follow_ups", "delete"),
        (Permit::ImportsCreate, "imports", "create"),
        (Permit::ImportsAll, "imports:all", "read"),
        (Permit::CoursesRead, "courses", "read"),
        (Permit::CoursesWrite, "courses", "write"),
        (Permit::StaffRead, "staff", "read"),
        (Permit::StaffSales, "staff:sales", "write"),
        (Permit::StaffManagers, "staff:managers", "write"),
        (Permit::LeaveOwn, "leave:own", "write"),
        (Permit::LeaveDecide, "leave", "decide"),
        (Permit::Distribution, "distribution", "write"),
        (Permit::Scripts, "scripts", "write"),
        (Permit::Settings, "settings", "write"),
        (Permit::Roles, "roles", "write"),
        (Permit::Bot, "bot", "write"),
        (Permit::Audit, "audit", "read"),
        (Permit::TeamNumbers, "numbers:team", "read"),
        (Permit::Profile, "profile", "write"),
    ];
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Grants(u64);

impl Grants {
    pub fn all() -> Self {
        Grants(u64::MAX)
    }

    pub fn has(self, permit: Permit) -> bool {
        self.0 & (1 << permit as u8) != 0
    }

    pub fn with(self, permit: Permit) -> Self {
        Grants(self.0 | (1 << permit as u8))
    }

    /// What both sets hold: a token never does more than its user.
    pub fn and(self, other: Grants) -> Self {
        Grants(self.0 & other.0)
    }
}
