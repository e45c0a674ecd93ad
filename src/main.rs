fn main() -> std::process::ExitCode {
    pressroom::cli::main()
}
