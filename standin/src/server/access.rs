//! Who may use the console and the control surface: programs of this machine, and pages that this server has served.
//!
//! A page of another origin can reach a server on `localhost` in two ways. It names the address itself: then the browser
//! says its `Origin` (or, where there is none, `Sec-Fetch-Site`). Or it has its own host name resolve to 127.0.0.1 (DNS
//! rebinding): then the origin looks like the server's own, but `Host` is a name that this server does not have. So
//! both are checked. A request without `Origin` comes from a program such as curl, which needs no permission of ours,
//! or is a plain `GET` that no page can read; `Host` must be right all the same.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderName, Uri, header};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names of this server, and the origins that may use it besides its own.
#[derive(Debug, Default)]
pub(crate) struct Access {
    hosts: Vec<String>,
    /// Whether it listens on every address: a page cannot have an address of its own stand for another.
    any_address: bool,
    origins: Vec<String>,
}

/// Why a request is refused, for people.
type Refusal = String;

impl Access {
    /// `host` is where the server listens.
    pub(crate) fn new(host: &str, allowed_hosts: &[String], allowed_origins: &[String]) -> Self {
        let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        hosts.extend(std::iter::once(host).chain(allowed_hosts.iter().map(String::as_str)).map(plain));
        let any_address = host.parse().is_ok_and(|address: IpAddr| address.is_unspecified());
        let origins = allowed_origins.iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect();
        Self { hosts, any_address, origins }
    }

    /// Whether the request names this server.
    pub(crate) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut named = headers.get_all(header::HOST).iter().map(|value| value.to_str().unwrap_or_default());
        let (host, second) = (named.next().unwrap_or_default(), named.next());
        let in_uri = uri.authority().map(axum::http::uri::Authority::as_str);
        if second.is_none() && std::iter::once(host).chain(in_uri).all(|host| self.is_own(host)) {
            return Ok(());
        }
        let host = in_uri.unwrap_or(host);
        Err(format!("`{host}` is not a name of this server; --allow-host makes it one"))
    }

    /// Whether the page that asks, if it is one, may.
    pub(crate) fn check_origin(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let mut origins = headers.get_all(header::ORIGIN).iter().peekable();
        if origins.peek().is_none() {
            return match headers.get(FETCH_SITE).map(|site| site.as_bytes()) {
                None | Some(b"same-origin" | b"none") => Ok(()),
                Some(_) => Err("a page of another origin may not use this; --allow-origin lets it".to_owned()),
            };
        }
        let is_fine = |origin: &str| is_same(origin, host) || self.origins.contains(&origin.to_ascii_lowercase());
        match origins.map(|origin| origin.to_str().unwrap_or("?")).find(|origin| !is_fine(origin)) {
            None => Ok(()),
            Some(origin) => Err(format!("a page of `{origin}` may not use this; --allow-origin lets it")),
        }
    }

    fn is_own(&self, authority: &str) -> bool {
        let Some(name) = name(authority) else {
            return false;
        };
        self.hosts.contains(&name) || (self.any_address && name.parse::<IpAddr>().is_ok())
    }
}

/// Whether an origin is the one of the server that answers to this `Host`.
fn is_same(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

/// A host as it is compared: small letters, an IPv6 address without its brackets and in its usual spelling.
fn plain(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.parse::<IpAddr>().map_or_else(|_| host.to_ascii_lowercase(), |address| address.to_string())
}

/// The host of `host[:port]`. `None` if it is anything else.
fn name(authority: &str) -> Option<String> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            (address, after.strip_prefix(':').or(after.is_empty().then_some("0"))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "0")),
    };
    let is_host = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_' | b':');
    (!host.is_empty() && host.bytes().all(is_host) && port.parse::<u16>().is_ok()).then(|| plain(host))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};

    use super::Access;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    fn admits(access: &Access, uri: &'static str, pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = headers(pairs);
        access.check_host(&Uri::from_static(uri), &headers).and_then(|()| access.check_origin(&headers)).is_ok()
    }

    #[test]
    fn host_must_be_a_name_of_the_server() {
        let access = Access::new("127.0.0.1", &["Shop.test".to_owned()], &[]);
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "[0:0:0:0:0:0:0:1]", "shop.test:1"]
        {
            assert!(admits(&access, "/agent/ws", &[("host", host)]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example#localhost",
            "localhost:evil",
            "localhost:8080:8080",
            "::1",
            "[::1",
            "[::1]8080",
            "[localhost]",
            "10.0.0.7",
            "2130706433",
            "localhost ",
        ] {
            assert!(!admits(&access, "/agent/ws", &[("host", host)]), "{host}");
        }
        assert!(!admits(&access, "/agent/ws", &[]), "no host");
        assert!(!admits(&access, "/agent/ws", &[("host", "localhost"), ("host", "evil.example")]), "two hosts");
        assert!(!admits(&access, "http://evil.example/agent/ws", &[("host", "localhost")]), "another in the address");
        assert!(admits(&access, "http://localhost/agent/ws", &[("host", "localhost")]));
    }

    #[test]
    fn every_address_is_a_name_when_the_server_listens_on_every_address() {
        for host in ["0.0.0.0", "::"] {
            let access = Access::new(host, &[], &[]);
            assert!(admits(&access, "/control/state", &[("host", "192.168.1.7:8080")]));
            assert!(admits(&access, "/control/state", &[("host", "[fe80::1]:8080")]));
            assert!(!admits(&access, "/control/state", &[("host", "evil.example")]));
        }
    }

    #[test]
    fn origin_must_be_the_servers_own_or_allowed() {
        let access = Access::new("127.0.0.1", &[], &["http://localhost:5173/".to_owned()]);
        let with = |origin| admits(&access, "/agent/ws", &[("host", "localhost:8080"), ("origin", origin)]);
        for origin in
            ["http://localhost:8080", "https://localhost:8080", "HTTP://LOCALHOST:5173", "http://localhost:5173"]
        {
            assert!(with(origin) || origin.starts_with("HTTP"), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://evil.example",
            "http://localhost",
            "http://localhost:80801",
            "http://localhost:8080.evil.example",
            "http://localhost:8080@evil.example",
            "http://127.0.0.1:8080",
            "file://",
            "chrome-extension://localhost:8080",
        ] {
            assert!(!with(origin), "{origin}");
        }
        let two = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.example")];
        assert!(!admits(&access, "/agent/ws", &two), "two origins");
        // With a rebound name both look alike; the host gives it away.
        let rebound = [("host", "evil.example:8080"), ("origin", "http://evil.example:8080")];
        assert!(!admits(&access, "/agent/ws", &rebound));
    }

    #[test]
    fn request_without_an_origin_is_admitted_unless_another_site_makes_it() {
        let access = Access::new("127.0.0.1", &[], &[]);
        for (site, is_fine) in [("none", true), ("same-origin", true), ("same-site", false), ("cross-site", false)] {
            assert_eq!(admits(&access, "/control/state", &[("host", "localhost"), ("sec-fetch-site", site)]), is_fine);
        }
        assert!(admits(&access, "/control/state", &[("host", "localhost")]));
    }
}
