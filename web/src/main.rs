fn main() -> std::process::ExitCode {
    web::run()
}
