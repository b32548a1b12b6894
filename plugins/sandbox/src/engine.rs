//! A rhai engine with nothing in it but the language, a few packages and Markaz's words.

use std::rc::Rc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module};

use crate::{guard, words};

/// Functions shared by every engine of the process.
pub struct Library {
    modules: Vec<Rc<Module>>,
}

impl Library {
    // No core package: it holds `sleep` and `eval`'s kin.
    pub fn new() -> Library {
        let modules = vec![
            ArithmeticPackage::new().as_shared_module(),
            LogicPackage::new().as_shared_module(),
            BasicMathPackage::new().as_shared_module(),
            BasicStringPackage::new().as_shared_module(),
            MoreStringPackage::new().as_shared_module(),
            BasicIteratorPackage::new().as_shared_module(),
            BasicArrayPackage::new().as_shared_module(),
            BasicMapPackage::new().as_shared_module(),
            Rc::new(words::module()),
        ];
        Library { modules }
    }

    /// An engine whose scripts find another script's functions under `base::`.
    pub fn engine(&self, base: Option<Rc<Module>>) -> Engine {
        let mut engine = Engine::new_raw();
        for module in &self.modules {
            engine.register_global_module(module.clone());
        }
        if let Some(base) = base {
            engine.register_static_module("base", base);
        }
        // These setters exist only in a rhai whose checks are on: should any crate of this build
        // switch `unchecked` on, it stops compiling here.
        engine
            .set_max_operations(20_000)
            .set_max_call_levels(16)
            .set_max_expr_depths(32, 32)
            .set_max_variables(64)
            .set_max_functions(64)
            .set_max_modules(0)
            .set_max_string_size(2 * 1024)
            .set_max_array_size(1_000)
            .set_max_map_size(200)
            .set_strict_variables(true)
            .set_fail_on_invalid_map_property(true)
            .on_progress(guard::progress);
        for symbol in ["eval", "print", "debug", "import", "export", "is_shared", "curry"] {
            engine.disable_symbol(symbol);
        }
        engine
    }
}
