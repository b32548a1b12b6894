//! Schema history for both engines. A migration here is applied by `markaz migrate` (PostgreSQL, owner role)
//! or at start (SQLite); changes are additive, see README.md beside this crate.

mod m0001_platform;
mod m0002_staff;
mod m0003_leads;
mod m0004_scripts;
mod m0005_imports;
mod m0006_bots;
mod m0007_script_lineage;
mod m0008_hooks;
mod m0009_packs;
mod m0010_tags;
mod m0011_board;
mod m0012_leave;
mod m0013_access;
mod m0014_import_choices;
mod m0015_vocabulary;
mod m0016_bulk;
mod m0020_merge;
mod m0030_silent_owners;
mod m0050_exports;
mod m0051_sheets;
mod m0060_follow_up_bulk;
mod m0061_reminders;
mod m0066_live_leads;
mod m0069_found_by;
mod m0070_audit_stays;
pub mod table;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_platform::Migration),
            Box::new(m0002_staff::Migration),
            Box::new(m0003_leads::Migration),
            Box::new(m0004_scripts::Migration),
            Box::new(m0005_imports::Migration),
            Box::new(m0006_bots::Migration),
            Box::new(m0007_script_lineage::Migration),
            Box::new(m0008_hooks::Migration),
            Box::new(m0009_packs::Migration),
            Box::new(m0010_tags::Migration),
            Box::new(m0011_board::Migration),
            Box::new(m0012_leave::Migration),
            Box::new(m0013_access::Migration),
            Box::new(m0014_import_choices::Migration),
            Box::new(m0015_vocabulary::Migration),
            Box::new(m0016_bulk::Migration),
            Box::new(m0020_merge::Migration),
            Box::new(m0030_silent_owners::Migration),
            Box::new(m0050_exports::Migration),
            Box::new(m0051_sheets::Migration),
            Box::new(m0060_follow_up_bulk::Migration),
            Box::new(m0061_reminders::Migration),
            Box::new(m0066_live_leads::Migration),
            Box::new(m0069_found_by::Migration),
            Box::new(m0070_audit_stays::Migration),
        ]
    }
}
