//! The `markaz` binary once more: an integration test may only ask cargo for binaries of its own package.

fn main() -> std::process::ExitCode {
    web::run()
}
