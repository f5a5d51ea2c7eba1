use std::process::ExitCode;

fn main() -> ExitCode {
    spikeloom::cli::main()
}
