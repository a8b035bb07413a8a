//! The `standin` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use standin::server::{self, options::Parsed};

fn main() -> ExitCode {
    match server::options::parse(std::env::args().skip(1)) {
        Ok(Parsed::Help) => {
            print!("{}", server::options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Parsed::Run(options)) => match server::run(*options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("standin: {message}");
                ExitCode::FAILURE
            }
        },
        Err(message) => {
            eprintln!("standin: {message}\n\nstandin --help lists the arguments.");
            ExitCode::from(2)
        }
    }
}
