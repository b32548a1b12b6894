//! The product exercised from outside, in one binary.
#![allow(clippy::disallowed_methods, reason = "a test may look past a tenant")]
#![allow(clippy::type_complexity, reason = "a table of cases is read, not named")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "what is expected reads as a list")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod architecture;
mod audit;
mod board;
mod board_live;
mod bots;
mod browser;
mod centre;
mod courses;
mod crash;
mod decisions;
mod distribution;
mod engines;
mod exports;
mod faults;
mod first_visit;
mod follow_ups;
mod follow_ups_due;
mod golden;
mod hand_over;
mod hooks_at_work;
mod hostile_scripts;
mod imports;
mod isolation;
mod jobs;
mod lead_page;
mod leads;
mod leads_list;
mod leads_many;
mod leads_views;
mod leave;
mod merge;
mod openapi;
mod packs;
mod packs_browser;
mod pages;
mod portal;
mod recipes;
mod roles;
mod script_editing;
mod script_editor;
mod script_hooks;
mod script_lints;
mod script_replan;
mod script_trying;
mod scripts;
mod scripts_api;
mod second_factor;
mod second_opinion;
mod secrets;
mod serve;
mod sessions;
mod settings;
mod shared;
mod sheets;
mod staff;
mod telegram;
mod telegram_sender;
mod ticks;
mod tries;
mod two_nodes;
mod vocabulary;
mod writer;
