//! Compiled scripts by hash, the least recently used forgotten first.

use std::num::NonZeroUsize;
use std::rc::Rc;

use lru::LruCache;
use rhai::{AST, Engine, Module, Scope};
use wire::{Hook, MAX_SOURCE, source_hash};

use crate::engine::Library;
use crate::fault::{Placed, of_parsing, of_running};

/// How many scripts stay compiled; one is some tens of kilobytes.
const KEPT: NonZeroUsize = NonZeroUsize::new(128).expect("not zero");

/// A script ready to be called, or why it never can be.
pub type Prepared = Result<Rc<Script>, Placed>;

pub struct Script {
    pub engine: Engine,
    pub ast: AST,
    /// Its hash, as the lines and faults in it are known by.
    pub name: Rc<str>,
    hooks: Vec<Hook>,
}

impl Script {
    pub fn defines(&self, hook: Hook) -> bool {
        self.hooks.contains(&hook)
    }
}

pub struct Scripts {
    library: Library,
    sources: LruCache<String, Rc<str>>,
    compiled: LruCache<(String, Option<String>), Prepared>,
}

impl Scripts {
    pub fn new() -> Scripts {
        Scripts {
            library: Library::new(),
            sources: LruCache::new(KEPT),
            compiled: LruCache::new(KEPT),
        }
    }

    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Remembers a source. The name is checked: one tenant's text must never answer to another's.
    pub fn learn(&mut self, hash: &str, source: &str) -> Result<(), String> {
        if self.sources.get(hash).is_some() {
            return Ok(());
        }
        if source_hash(source) != hash {
            return Err(format!("the source does not have the hash {hash}"));
        }
        self.sources.put(hash.to_string(), source.into());
        Ok(())
    }

    pub fn knows(&self, hash: &str) -> bool {
        self.sources.contains(hash)
    }

    /// The script with its base, compiled now or before.
    pub fn prepare(&mut self, hash: &str, base: Option<&str>) -> Prepared {
        let key = (hash.to_string(), base.map(str::to_string));
        if let Some(ready) = self.compiled.get(&key) {
            return ready.clone();
        }
        let ready = self.compile(hash, base);
        self.compiled.put(key, ready.clone());
        ready
    }

    fn compile(&mut self, hash: &str, base: Option<&str>) -> Prepared {
        let Some(source) = self.sources.get(hash).cloned() else {
            return Err(Placed::nowhere("source_missing", "the script was not sent"));
        };
        let base = match base {
            None => None,
            Some(base) => Some(
                self.prepare(base, None)
                    .and_then(|below| as_module(&below))
                    .map_err(Placed::in_base)?,
            ),
        };
        compile(&self.library, &source, hash, base).map(Rc::new)
    }
}

/// Compiles one script. Only its functions are ever used: what stands outside them never runs.
pub fn compile(library: &Library, source: &str, name: &str, base: Option<Rc<Module>>) -> Result<Script, Placed> {
    if source.len() > MAX_SOURCE {
        let message = format!("a script may have {MAX_SOURCE} bytes, this one has {}", source.len());
        return Err(Placed::nowhere("source_too_long", message).with(&[("n", &source.len()), ("max", &MAX_SOURCE)]));
    }
    let engine = library.engine(base);
    let mut ast = engine.compile(source).map_err(|error| of_parsing(&error))?;
    ast.set_source(name);
    let own = |hook: &Hook| {
        ast.iter_functions()
            .any(|f| f.name == hook.as_str() && f.params.len() == 1)
    };
    let hooks = Hook::ALL.into_iter().filter(own).collect();
    Ok(Script {
        engine,
        ast,
        name: name.into(),
        hooks,
    })
}

/// A script's functions as the module `base`.
pub fn as_module(script: &Script) -> Result<Rc<Module>, Placed> {
    let mut functions = script.ast.clone_functions_only();
    functions.set_source(script.ast.source().unwrap_or_default());
    Module::eval_ast_as_new(Scope::new(), &functions, &script.engine)
        .map(Rc::new)
        .map_err(|error| of_running(&error, ""))
}
