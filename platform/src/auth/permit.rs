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
    Exports,
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
    /// The permit of an object and an action, as casbin and the matrix name it.
    pub fn named(object: &str, action: &str) -> Option<Permit> {
        let found = Permit::ALL.iter().find(|(_, o, a)| *o == object && *a == action);
        found.map(|(permit, ..)| *permit)
    }

    /// What a permit is of no use without.
    fn needs(self) -> &'static [Permit] {
        match self {
            Permit::LeadsAll => &[Permit::LeadsOwn],
            Permit::LeadsCreate | Permit::LeadsMoveBack => &[Permit::LeadsOwn],
            Permit::LeadsAssign => &[Permit::LeadsAll, Permit::StaffRead],
            Permit::LeadsTrash => &[Permit::LeadsAll],
            Permit::FollowUpsOwn => &[Permit::LeadsOwn],
            Permit::FollowUpsAll => &[Permit::FollowUpsOwn, Permit::LeadsAll],
            Permit::FollowUpsBulk | Permit::FollowUpsDelete => &[Permit::FollowUpsAll],
            Permit::ImportsCreate => &[Permit::LeadsCreate],
            Permit::ImportsAll => &[Permit::ImportsCreate],
            Permit::CoursesWrite => &[Permit::CoursesRead],
            Permit::StaffSales => &[Permit::StaffRead],
            Permit::StaffManagers => &[Permit::StaffSales],
            Permit::LeaveDecide | Permit::Distribution | Permit::Roles | Permit::Audit => &[Permit::StaffRead],
            Permit::TeamNumbers => &[Permit::LeadsAll, Permit::StaffRead],
            _ => &[],
        }
    }

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
        (Permit::Exports, "exports", "create"),
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

impl FromIterator<Permit> for Grants {
    fn from_iter<I: IntoIterator<Item = Permit>>(permits: I) -> Self {
        permits.into_iter().fold(Grants::default(), Grants::with)
    }
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

    /// With everything the permits in it need, and the own profile, which nobody goes without.
    pub fn complete(self) -> Self {
        let mut whole = self.with(Permit::Profile);
        loop {
            let before = whole;
            for (permit, ..) in Permit::ALL {
                if before.has(*permit) {
                    whole = permit.needs().iter().fold(whole, |grants, need| grants.with(*need));
                }
            }
            if whole == before {
                return whole;
            }
        }
    }

    /// Whether everything in the other set is in this one.
    pub fn covers(self, other: Grants) -> bool {
        self.and(other) == other
    }

    /// The rows of [`Permit::ALL`] it holds.
    pub fn rows(self) -> impl Iterator<Item = &'static (Permit, &'static str, &'static str)> {
        Permit::ALL.iter().filter(move |(permit, ..)| self.has(*permit))
    }

    /// What both sets hold: a token never does more than its user.
    pub fn and(self, other: Grants) -> Self {
        Grants(self.0 & other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_brings_what_it_is_of_no_use_without() {
        let grants = Grants::default().with(Permit::FollowUpsBulk).complete();
        for needed in [
            Permit::FollowUpsAll,
            Permit::FollowUpsOwn,
            Permit::LeadsAll,
            Permit::LeadsOwn,
            Permit::Profile,
        ] {
            assert!(grants.has(needed), "{needed:?}");
        }
        assert!(!grants.has(Permit::LeadsAssign));
        assert!(grants.covers(Grants::default().with(Permit::LeadsOwn)) && !Grants::default().covers(grants));
    }

    #[test]
    fn the_set_has_room_for_every_permit() {
        assert!(Permit::ALL.len() <= 64);
        let all: Grants = Permit::ALL.iter().map(|(permit, ..)| *permit).collect();
        assert_eq!(all.rows().count(), Permit::ALL.len());
    }
}
