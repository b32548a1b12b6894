//! What the centre teaches, with the sales script a rep reads while calling.

mod course;

pub use course::{Course, Edit, create, create_in, create_once, edit, find, list, list_in, shown};
