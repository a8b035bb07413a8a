//! Somebody else who answers in the server's place: a hotel's login page, a company's proxy.

use serde::{Deserialize, Serialize};

use super::fault::Kind;
use super::{Brain, ConnId, HttpRequest, HttpResponse};

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><h1>Welcome</h1><p>Please accept our terms to use the network.</p></body></html>\n";

/// Where it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The token service.
    TokenService,
    /// The Web API.
    WebApi,
    /// The handshake of a WebSocket: it gets the page instead of an upgrade.
    Upgrade,
    /// Inside a WebSocket: it opens, and every frame is answered with the page.
    Socket,
}

/// What it answers.
#[derive(Debug)]
pub(crate) struct Portal {
    at: Vec<Place>,
    page: HttpResponse,
    cors: bool,
}

impl Portal {
    pub(crate) fn new(
        at: Option<Vec<Place>>,
        status: Option<u16>,
        body: Option<String>,
        content_type: Option<String>,
        location: Option<String>,
        cors: bool,
    ) -> Self {
        let at = at.unwrap_or_else(|| vec![Place::TokenService, Place::WebApi, Place::Upgrade]);
        let mut page = HttpResponse::empty(status.unwrap_or(511))
            .header("content-type", content_type.unwrap_or_else(|| "text/html; charset=utf-8".to_owned()))
            .header("cache-control", "no-store");
        if let Some(location) = location {
            page = page.header("location", location);
        }
        page.body = body.unwrap_or_else(|| PAGE.to_owned()).into_bytes();
        Self { at, page, cors }
    }
}

impl Brain {
    /// The page, if the portal stands at this place.
    pub(crate) fn portal_page(&self, place: Place) -> Option<HttpResponse> {
        let portal = self.faults.portal.as_ref().filter(|portal| portal.at.contains(&place))?;
        Some(portal.page.clone())
    }

    /// The page as the answer to a request. A portal that lets pages of other origins read it answers their preflights
    /// as the server would.
    pub(crate) fn portal_answer(&self, place: Place, request: &HttpRequest) -> Option<HttpResponse> {
        let cors = self.faults.portal.as_ref()?.cors;
        let page = self.portal_page(place).filter(|_| !(cors && request.method == "OPTIONS"))?;
        Some(match place {
            Place::TokenService if cors => super::token::cors(request, page),
            Place::WebApi if cors => super::web::cors(page),
            _ => page,
        })
    }

    /// What the shell answers to a WebSocket handshake instead of opening it.
    #[must_use]
    pub fn handshake_answer(&self) -> Option<HttpResponse> {
        if self.faults.refuse {
            let body = b"no new sockets for now\n".to_vec();
            return Some(HttpResponse { body, ..HttpResponse::empty(503) }.header("content-type", "text/plain"));
        }
        self.portal_page(Place::Upgrade)
    }

    /// Says the page inside a socket.
    pub(crate) fn speak_page(&mut self, conn: ConnId) {
        if let Some(page) = self.portal_page(Place::Socket) {
            self.staged.push((conn, Kind::Push, String::from_utf8_lossy(&page.body).into_owned()));
        }
    }

    pub(crate) fn is_portal_in_sockets(&self) -> bool {
        self.faults.portal.as_ref().is_some_and(|portal| portal.at.contains(&Place::Socket))
    }
}
