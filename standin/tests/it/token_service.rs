//! Who somebody is: tokens, cookies, CORS.

use serde_json::{Value, json};
use standin::brain::{Fault, HttpRequest, HttpResponse, TokenMode};

use super::office::{ORGANIZATION, Office};

const ORIGIN: &str = "http://shop.example:3000";

fn grant() -> HttpRequest {
    HttpRequest::post("/v2/customer/token", &Office::grant())
        .header("origin", ORIGIN)
        .header("content-type", "text/plain;charset=UTF-8")
}

fn set_cookies(answer: &HttpResponse) -> Vec<&str> {
    answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect()
}

fn cookies(answer: &HttpResponse) -> String {
    set_cookies(answer).iter().filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_browser_gets_a_token_and_keeps_its_identity_by_cookies() {
    let mut office = Office::new();
    let first = office.http(grant());
    assert_eq!(first.status, 200);
    let token = first.to_json();
    assert!(token["access_token"].as_str().unwrap().starts_with("dal:"));
    assert_eq!((&token["expires_in"], &token["token_type"]), (&json!(28_800), &json!("Bearer")));
    assert_eq!(token["organization_id"], json!(ORGANIZATION));
    for cookie in set_cookies(&first) {
        assert!(cookie.contains("; Path=/v2/customer; Max-Age=63072000; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
    let again = office.http(grant().header("cookie", &cookies(&first)));
    assert_eq!(again.to_json()["entity_id"], token["entity_id"]);
    assert_ne!(again.to_json()["access_token"], token["access_token"]);
    assert_eq!(cookies(&again), cookies(&first));
    let stranger = office.http(grant());
    assert_ne!(stranger.to_json()["entity_id"], token["entity_id"]);
    let forged = cookies(&first).replace("__lc_cst=", "__lc_cst=x");
    assert_ne!(office.http(grant().header("cookie", &forged)).to_json()["entity_id"], token["entity_id"]);
}

#[test]
fn the_exact_origin_is_echoed_with_credentials() {
    let mut office = Office::new();
    let mut preflight = grant();
    preflight.method = "OPTIONS".to_owned();
    let refused = HttpRequest::post("/v2/customer/token", &json!({})).header("origin", ORIGIN);
    for request in [grant(), preflight, refused] {
        let answer = office.http(request);
        assert_eq!(answer.get("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(answer.get("access-control-allow-credentials"), Some("true"));
        assert_eq!(answer.get("vary"), Some("Origin"));
    }
    assert_eq!(
        office.http(HttpRequest::post("/v2/customer/token", &Office::grant())).get("access-control-allow-origin"),
        None
    );
}

#[test]
fn a_group_of_its_own_has_customers_of_its_own() {
    let mut office = Office::new();
    let plain = office.http(grant());
    let jar = cookies(&plain);
    let mut in_group = |group: &str| {
        let path = format!("/v2/customer/{ORGANIZATION}/{group}/token");
        let body = json!({ "grant_type": "cookie", "client_id": "c0ffee", "response_type": "token" });
        office.http(HttpRequest::post(&path, &body).header("cookie", &jar)).to_json()["entity_id"].clone()
    };
    let (one, again, other) = (in_group("1"), in_group("1"), in_group("0"));
    assert_eq!(one, again);
    assert_ne!(one, other);
    assert_ne!(one, plain.to_json()["entity_id"]);
}

#[test]
fn a_token_can_be_looked_at_and_revoked() {
    let mut office = Office::new();
    let me = office.customer();
    let bearer = format!("Bearer {}", me.token);
    let request = |method: &str, path: &str| HttpRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        ..HttpRequest::default()
    };
    let info = office.http(request("GET", "/v2/customer/info").header("authorization", &bearer)).to_json();
    assert_eq!((&info["entity_id"], &info["access_token"]), (&json!(me.id), &json!(me.token)));
    let mut by_code = request("GET", "/v2/customer/info");
    by_code.query = format!("code={}", me.token.replace(':', "%3A"));
    assert_eq!(office.http(by_code).to_json(), info);
    let gone = office.http(request("DELETE", "/v2/customer/token").header("authorization", &bearer));
    assert_eq!((gone.status, gone.body.len()), (200, 0));
    let last = office.frames(me.conn);
    assert_eq!(last[0]["payload"], json!({ "reason": "access_token_revoked" }));
    assert_eq!(office.http(request("GET", "/v2/customer/info").header("authorization", &bearer)).status, 401);
}

#[test]
fn agents_and_other_devices_get_tokens_too() {
    let mut office = Office::new();
    let body = json!({
        "grant_type": "agent_token", "client_id": "c0ffee", "response_type": "token", "organization_id": ORGANIZATION
    });
    let request = HttpRequest::post("/v2/customer/token", &body);
    assert_eq!(office.http(request.clone()).to_json()["oauth_exception"], json!("access_denied"));
    let answer = office.http(request.header("authorization", "Bearer agent"));
    assert!(set_cookies(&answer).is_empty());
    let token = answer.to_json();

    let body = json!({ "bearer_type": "customer", "client_id": "c0ffee" });
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let transfer = office
        .http(HttpRequest::post("/v2/customer/identity_transfer", &body).header("authorization", &bearer))
        .to_json();
    assert_eq!(transfer["expires_in"], json!(3600));
    let body = json!({
        "grant_type": "identity_token", "client_id": "c0ffee", "code": transfer["identity_transfer_token"]
    });
    let moved = office.http(HttpRequest::post("/v2/customer/token", &body)).to_json();
    assert_eq!(moved["entity_id"], token["entity_id"]);
    let twice = office.http(HttpRequest::post("/v2/customer/token", &body)).to_json();
    assert_eq!(twice["oauth_exception"], json!("invalid_grant"));
}

#[test]
fn refusals_name_an_exception() {
    let mut office = Office::new();
    let without = |field: &str| {
        let mut body = Office::grant();
        body.as_object_mut().unwrap().remove(field);
        body
    };
    let with = |field: &str, value: Value| {
        let mut body = Office::grant();
        body[field] = value;
        body
    };
    for (body, exception) in [
        (json!([]), "bad_request"),
        (without("client_id"), "invalid_request"),
        (without("organization_id"), "invalid_request"),
        (without("grant_type"), "invalid_request"),
        (with("grant_type", json!("password")), "unsupported_grant_type"),
        (with("client_id", json!("unknown-client")), "invalid_client"),
        (with("organization_id", json!("00000000-0000-0000-0000-000000000404")), "access_denied"),
    ] {
        let answer = office.http(HttpRequest::post("/v2/customer/token", &body));
        assert_eq!((answer.status, &answer.to_json()["oauth_exception"]), (401, &json!(exception)), "{body}");
    }
}

#[test]
fn the_service_fails_hangs_and_comes_back() {
    let mut office = Office::new();
    office.fault(Fault::TokenService { mode: TokenMode::Error, status: Some(503), exception: None, identity: false });
    let answer = office.http(grant());
    assert_eq!((answer.status, &answer.to_json()["oauth_exception"]), (503, &json!("server_error")));
    assert_eq!(answer.get("access-control-allow-origin"), Some(ORIGIN));
    office.fault(Fault::TokenService { mode: TokenMode::Hang, status: None, exception: None, identity: false });
    assert_eq!(office.try_http(grant()), None);
    office.pass(60.0);
    office.fault(Fault::TokenService { mode: TokenMode::Ok, status: None, exception: None, identity: false });
    assert_eq!(office.http(grant()).status, 200);
}

#[test]
fn a_lifetime_can_be_asked_for() {
    let mut office = Office::new();
    let mut body = Office::grant();
    body["expires_in"] = json!(60);
    assert_eq!(office.http(HttpRequest::post("/v2/customer/token", &body)).to_json()["expires_in"], json!(60));
}

#[test]
fn an_identity_that_is_transferred_is_proven_by_the_verifier() {
    let mut office = Office::new();
    let me = office.customer();
    // The pair of RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let bearer = format!("Bearer {}", me.token);
    let code = |office: &mut Office| {
        let body = json!({ "bearer_type": "customer", "client_id": "c0ffee", "code_challenge": challenge });
        let request = HttpRequest::post("/v2/customer/identity_transfer", &body).header("authorization", &bearer);
        office.http(request).to_json()["identity_transfer_token"].clone()
    };
    for (client, verifier, outcome) in [
        ("c0ffee", json!(verifier), json!(null)),
        ("c0ffee", json!("guess"), json!("invalid_grant")),
        ("c0ffee", json!(null), json!("invalid_grant")),
        ("another", json!(verifier), json!("invalid_grant")),
    ] {
        let body = json!({
            "grant_type": "identity_token", "client_id": client, "code": code(&mut office), "code_verifier": verifier
        });
        let answer = office.http(HttpRequest::post("/v2/customer/token", &body)).to_json();
        assert_eq!(answer.get("oauth_exception").unwrap_or(&json!(null)), &outcome, "{body}");
        if outcome.is_null() {
            assert_eq!((&answer["entity_id"], answer.get("organization_id")), (&json!(me.id), None));
            office.again(answer["access_token"].as_str().unwrap(), "3.6");
        }
    }
    let late = code(&mut office);
    office.pass(3600.0);
    let body = json!({ "grant_type": "identity_token", "client_id": "c0ffee", "code": late });
    assert_eq!(
        office.http(HttpRequest::post("/v2/customer/token", &body)).to_json()["oauth_exception"],
        "invalid_grant"
    );
}

#[test]
fn what_other_grants_need_is_named() {
    let mut office = Office::new();
    let me = office.customer();
    let customer = format!("Bearer {}", me.token);
    for (path, body, bearer, exception) in [
        ("token", json!({ "grant_type": "identity_token", "client_id": "c" }), "", "invalid_request"),
        ("token", json!({ "grant_type": "agent_token", "client_id": "c" }), "Bearer a", "invalid_request"),
        (
            "token",
            json!({ "grant_type": "agent_token", "client_id": "c", "entity_id": "x" }),
            "Bearer a",
            "resource_not_found",
        ),
        ("identity_transfer", json!({ "bearer_type": "customer" }), &customer, "invalid_request"),
        ("identity_transfer", json!({ "bearer_type": "customer", "client_id": "c" }), "", "access_denied"),
        ("identity_transfer", json!({ "bearer_type": "agent", "client_id": "c" }), "Bearer a", "invalid_request"),
        (
            "identity_transfer",
            json!({ "bearer_type": "agent", "client_id": "c", "customer_id": me.id }),
            "",
            "access_denied",
        ),
        (
            "identity_transfer",
            json!({ "bearer_type": "agent", "client_id": "c", "customer_id": "x" }),
            "Bearer a",
            "resource_not_found",
        ),
        ("identity_transfer", json!({ "bearer_type": "cat", "client_id": "c" }), &customer, "invalid_request"),
        ("nowhere", json!({}), "", "resource_not_found"),
        ("org/one/token", Office::grant(), "", "invalid_request"),
    ] {
        let mut request = HttpRequest::post(&format!("/v2/customer/{path}"), &body);
        if !bearer.is_empty() {
            request = request.header("authorization", bearer);
        }
        let answer = office.http(request).to_json();
        assert_eq!(answer["oauth_exception"], json!(exception), "{path} {body}");
        assert!(answer["exception_description"].is_string());
    }
    for (field, value) in [("response_type", json!("code")), ("redirect_uri", json!("here")), ("expires_in", json!(-1))]
    {
        let mut body = Office::grant();
        body[field] = value;
        let answer = office.http(HttpRequest::post("/v2/customer/token", &body)).to_json();
        assert!(answer["exception_description"].as_str().unwrap().contains(&format!("`{field}`")), "{answer}");
    }
}

#[test]
fn the_service_fails_with_any_exception() {
    let mut office = Office::new();
    office.does("token_service", json!({ "mode": "error", "status": 401, "exception": "conflict", "identity": true }));
    let answer = office.http(grant());
    assert_eq!((answer.status, &answer.to_json()["identity_exception"]), (401, &json!("conflict")));
    assert_eq!(answer.to_json().get("oauth_exception"), None);
}
