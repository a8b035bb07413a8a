//! The command line.

use std::path::{Path, PathBuf};

/// What `--help` prints.
pub const HELP: &str = "\
standin: speaks LiveChat's customer protocol on your own machine

usage: standin [options]

  --host HOST           where to listen (127.0.0.1)
  --port PORT           0 picks a free one (8080)
  --db FILE|:memory:    where chats are kept (.data/standin.sqlite)
  --www DIR             pages served at / (www, if it is there)
  --pkg DIR             the package served at /pkg/ (pkg next to the www folder)
  --bot                 an agent answers by itself
  --control             open /control/...: act as an agent, switch faults
  --allow-host NAME     another host name of this server, for the console and /control
  --allow-origin ORIGIN pages of this origin may use the console and /control
  --token-ttl SECONDS   lifetime of access tokens (28800)
  --help                this text

The agent's console is at /agent. It prints one line when it listens, and stops on SIGINT and SIGTERM.
";

/// What was asked for.
#[derive(Debug)]
pub enum Parsed {
    /// `--help`.
    Help,
    /// Everything else.
    Run(Box<Options>),
}

/// How to run.
#[derive(Debug, PartialEq)]
pub struct Options {
    /// Where to listen.
    pub host: String,
    /// 0 picks a free one.
    pub port: u16,
    /// `None` keeps everything in memory.
    pub db: Option<PathBuf>,
    /// Pages at `/`.
    pub www: Option<PathBuf>,
    /// The package at `/pkg/`.
    pub pkg: Option<PathBuf>,
    /// Whether an agent answers by itself.
    pub bot: bool,
    /// Whether `/control/…` is open.
    pub control: bool,
    /// More names of this server.
    pub allow_hosts: Vec<String>,
    /// Origins whose pages may use the console and the control surface.
    pub allow_origins: Vec<String>,
    /// Lifetime of access tokens in seconds.
    pub token_ttl: u64,
}

/// Reads the arguments behind the program's name.
///
/// # Errors
/// An argument is unknown or its value is not what it should be; the text names it.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Parsed, String> {
    let mut options = Options {
        host: "127.0.0.1".to_owned(),
        port: 8080,
        db: Some(PathBuf::from(".data/standin.sqlite")),
        www: None,
        pkg: None,
        bot: false,
        control: false,
        allow_hosts: Vec::new(),
        allow_origins: Vec::new(),
        token_ttl: 28_800,
    };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        if matches!(name.as_str(), "--bot" | "--control") && inline.is_some() {
            return Err(format!("{name}: takes no value"));
        }
        let mut value = |what: &str| {
            let value = inline.clone().or_else(|| arguments.next()).filter(|value| !value.is_empty());
            value.ok_or_else(|| format!("{name}: expected {what}"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(Parsed::Help),
            "--bot" => options.bot = true,
            "--control" => options.control = true,
            "--host" => options.host = value("a host name or address")?,
            "--port" => {
                let text = value("a port from 0 to 65535")?;
                options.port =
                    text.parse().map_err(|_| format!("--port: expected a port from 0 to 65535, got `{text}`"))?;
            }
            "--db" => {
                let text = value("a file or :memory:")?;
                options.db = (text != ":memory:").then(|| PathBuf::from(text));
            }
            "--www" => options.www = Some(folder("--www", &value("a folder")?)?),
            "--pkg" => options.pkg = Some(PathBuf::from(value("a folder")?)),
            "--allow-host" => {
                let name = value("a host name")?;
                if name.contains(['/', '*', '@']) || (name.contains(':') && !name.ends_with(']')) {
                    return Err(format!("--allow-host: expected a host name without scheme and port, got `{name}`"));
                }
                options.allow_hosts.push(name);
            }
            "--allow-origin" => {
                let origin = value("an origin such as http://localhost:5173")?;
                let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
                if host.is_none_or(|host| host.is_empty() || host.trim_end_matches('/').contains(['/', '*', '@'])) {
                    return Err(format!(
                        "--allow-origin: expected an origin such as http://localhost:5173, got `{origin}`"
                    ));
                }
                options.allow_origins.push(origin);
            }
            "--token-ttl" => {
                let text = value("a number of seconds")?;
                options.token_ttl = text
                    .parse()
                    .ok()
                    .filter(|seconds| *seconds > 0)
                    .ok_or_else(|| format!("--token-ttl: expected a number of seconds above 0, got `{text}`"))?;
            }
            _ => return Err(format!("{name}: unknown argument")),
        }
    }
    if options.www.is_none() && Path::new("www").is_dir() {
        options.www = Some(PathBuf::from("www"));
    }
    if options.pkg.is_none() {
        // Absolute first: the folder next to `www` is not `www/..`'s business if `www` is a link.
        let www = options.www.as_ref().and_then(|www| std::path::absolute(www).ok());
        options.pkg = www.and_then(|www| Some(www.parent()?.join("pkg")));
    }
    Ok(Parsed::Run(Box::new(options)))
}

fn folder(name: &str, text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_dir() { Ok(path) } else { Err(format!("{name}: expected a folder, got `{text}`")) }
}

#[cfg(test)]
mod tests {
    use super::{Parsed, parse};

    fn complaint(arguments: &[&str]) -> String {
        match parse(arguments.iter().map(|text| (*text).to_owned())) {
            Err(text) => text,
            Ok(parsed) => panic!("accepted: {parsed:?}"),
        }
    }

    #[test]
    fn a_bad_argument_is_named_with_what_was_expected() {
        assert_eq!(complaint(&["--port", "http"]), "--port: expected a port from 0 to 65535, got `http`");
        assert_eq!(complaint(&["--port"]), "--port: expected a port from 0 to 65535");
        assert_eq!(complaint(&["--token-ttl=0"]), "--token-ttl: expected a number of seconds above 0, got `0`");
        assert_eq!(complaint(&["--www", "/does/not/exist"]), "--www: expected a folder, got `/does/not/exist`");
        for name in ["http://shop.test", "shop.test:8080", "*"] {
            assert!(
                complaint(&["--allow-host", name]).starts_with("--allow-host: expected a host name without"),
                "{name}"
            );
        }
        for origin in ["*", "shop.test", "http://", "http://shop.test/page"] {
            assert!(
                complaint(&["--allow-origin", origin]).starts_with("--allow-origin: expected an origin"),
                "{origin}"
            );
        }
        assert_eq!(complaint(&["--verbose"]), "--verbose: unknown argument");
        assert_eq!(complaint(&["--bot=yes"]), "--bot: takes no value");
    }

    #[test]
    fn arguments_may_be_joined_or_apart() {
        let arguments = ["--port=0", "--db", ":memory:", "--control", "--allow-host", "a.test", "--allow-host=[::2]"];
        let arguments = arguments.map(str::to_owned);
        let Ok(Parsed::Run(options)) = parse(arguments) else { panic!("refused") };
        assert_eq!(options.allow_hosts, ["a.test", "[::2]"]);
        assert_eq!((options.port, options.db, options.control, options.bot), (0, None, true, false));
    }
}
