//! A pack file that is added must be compiled in, which cargo does not see by itself.

fn main() {
    println!("cargo:rerun-if-changed=packs");
}
