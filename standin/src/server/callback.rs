//! Posting to somebody who asked for it: on this machine only, once, without a second try.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};

use crate::brain::Callback;

const WITHIN: Duration = Duration::from_secs(5);
/// The status line is all that is read of an answer.
const ENOUGH: u64 = 1024;

/// Posts, and complains on stderr if nobody takes it.
pub(crate) async fn post(callback: Callback) {
    let result = match tokio::time::timeout(WITHIN, attempt(&callback)).await {
        Ok(result) => result,
        Err(_) => Err("no answer".to_owned()),
    };
    if let Err(error) = result {
        eprintln!("standin: callback to {}: {error}", callback.uri);
    }
}

async fn attempt(callback: &Callback) -> Result<(), String> {
    let (authority, path) = target(&callback.uri)?;
    let address = loopback(authority).await?;
    let mut stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{}",
        callback.body.len(),
        callback.body
    );
    stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    stream.take(ENOUGH).read_to_end(&mut answer).await.map_err(|error| error.to_string())?;
    let answer = String::from_utf8_lossy(&answer);
    match answer.split(' ').nth(1) {
        Some("200") => Ok(()),
        status => Err(format!("expected status 200, got {}", status.unwrap_or("none"))),
    }
}

/// Host with port, and path with query.
fn target(uri: &str) -> Result<(&str, String), String> {
    let rest = uri.strip_prefix("http://").ok_or("only http is spoken here")?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if authority.is_empty() || authority.contains('@') {
        return Err("the host is not clear".to_owned());
    }
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Ok((authority, path))
}

/// The first address, if all that the name stands for is this machine.
async fn loopback(authority: &str) -> Result<SocketAddr, String> {
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let host = if has_port { authority.to_owned() } else { format!("{authority}:80") };
    let all: Vec<SocketAddr> = lookup_host(host).await.map_err(|error| error.to_string())?.collect();
    if all.iter().any(|address| !address.ip().is_loopback()) {
        return Err("only this machine is called".to_owned());
    }
    // Most servers of a test listen on IPv4.
    all.iter().find(|address| address.is_ipv4()).or(all.first()).copied().ok_or_else(|| "unknown host".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{loopback, target};

    #[test]
    fn an_address_is_taken_apart() {
        assert_eq!(target("http://localhost:9/a?b#c"), Ok(("localhost:9", "/a?b".to_owned())));
        assert_eq!(target("http://[::1]?x"), Ok(("[::1]", "/?x".to_owned())));
        assert!(target("https://localhost/").is_err());
        assert!(target("http://127.0.0.1@example.com/").is_err());
    }

    #[tokio::test]
    async fn only_this_machine_is_called() {
        assert!(loopback("127.0.0.1:81").await.is_ok());
        assert!(loopback("[::1]:81").await.is_ok());
        for other in ["192.0.2.1", "192.0.2.1:80", "0.0.0.0:80", "[2001:db8::1]:80"] {
            assert_eq!(loopback(other).await, Err("only this machine is called".to_owned()), "{other}");
        }
    }
}
