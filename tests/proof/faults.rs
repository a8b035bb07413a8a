//! Everything that can go wrong between a page and its server, drawn by chance.

use palaver::session::Input;
use serde_json::json;
use standin::brain::Config;

use crate::dice::Dice;
use crate::sim::{Direction, Freeze, Sim};

/// What can strike. Each is as likely as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Cut,
    CutWithLateFrames,
    CloseCode,
    Farewell,
    HalfOpen,
    HalfOpenOneWay,
    Silence,
    Stall,
    Latency,
    Truncated,
    Garbage,
    Duplicated,
    Swapped,
    ResponseFirst,
    ResponsesLost,
    LostAfterExecuting,
    SlowRequests,
    RequestsRefused,
    RefusedAndStored,
    UnansweredAndStored,
    RefusedForNoKnownReason,
    FalseSuccess,
    ReadsFail,
    ReadsHang,
    CaptivePortal,
    TokenService,
    TokensEnd,
    WallClock,
    Frozen,
    Throttled,
    Restart,
    NoEntry,
    ThreadClosedWhileAway,
    HistoryChangedWhileAway,
    AgentsComeAndGo,
    LyingHints,
    SameMicrosecond,
    ServerClock,
}

use Fault as F;

pub const ALL: &[Fault] = &[
    F::Cut,
    F::CutWithLateFrames,
    F::CloseCode,
    F::Farewell,
    F::HalfOpen,
    F::HalfOpenOneWay,
    F::Silence,
    F::Stall,
    F::Latency,
    F::Truncated,
    F::Garbage,
    F::Duplicated,
    F::Swapped,
    F::ResponseFirst,
    F::ResponsesLost,
    F::LostAfterExecuting,
    F::SlowRequests,
    F::RequestsRefused,
    F::RefusedAndStored,
    F::UnansweredAndStored,
    F::RefusedForNoKnownReason,
    F::FalseSuccess,
    F::ReadsFail,
    F::ReadsHang,
    F::CaptivePortal,
    F::TokenService,
    F::TokensEnd,
    F::WallClock,
    F::Frozen,
    F::Throttled,
    F::Restart,
    F::NoEntry,
    F::ThreadClosedWhileAway,
    F::HistoryChangedWhileAway,
    F::AgentsComeAndGo,
    F::LyingHints,
    F::SameMicrosecond,
    F::ServerClock,
];

/// What puts a fault right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    Speak,
    Quicken,
    NormalRequests,
    Reads,
    CaptivePortal,
    TokenService,
    Timers,
    StartServer,
    Admit,
    ServerClock,
}

/// What happens to the server's history while the page is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    Nothing,
    ThreadCloses,
    ThreadReopens,
    HistoryChanges,
    AgentsComeAndGo,
}

const CODES: &[u16] = &[1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 4401, 4500];
/// The disconnect reasons that allow coming back (reference §1.10), and one that nobody has heard of.
const REASONS: &[&str] = &[
    "connection_evicted",
    "connection_timeout",
    "internal_error",
    "service_temporarily_unavailable",
    "too_many_unauthorized_connections",
    "misdirected_connection",
    "customer_temporarily_blocked",
    "access_token_expired",
    "invented_tomorrow",
];
/// Until then the platform may carry a request out that it has refused or not answered.
const LATEST_MS: u64 = 14_000;
/// How far the server's clock jumps, in microseconds.
const JUMPS: &[i64] = &[-3_600_000_000, -2_000_000, -1, 0, 3_600_000_000];
/// Forms of the ids that a server gives to events; the first half of the list is the platform's own.
pub const ID_FORMS: &[&str] =
    &["numbered", "numbered", "numbered", "numbered", "descending", "shuffled", "uuid", "mixed"];
/// What a session reads a chat with.
const READS: &[&str] = &["list_threads", "list_chats", "get_chat"];
const PORTAL_STATUSES: &[u16] = &[200, 403, 511];
const PORTAL_PLACES: &[&[&str]] = &[
    &["token_service"],
    &["upgrade"],
    &["socket"],
    &["token_service", "upgrade"],
    &["token_service", "web_api", "upgrade", "socket"],
];
const REFUSALS: &[&str] = &["internal", "service_unavailable", "request_timeout", "too_many_requests"];

/// Strikes. Says what puts it right and after how long, and what happens meanwhile at the server.
pub fn strike(fault: Fault, sim: &mut Sim, dice: &mut Dice) -> (Option<(u64, Remedy)>, Meanwhile) {
    let mut remedy = None;
    let mut meanwhile = Meanwhile::Nothing;
    match fault {
        F::Cut => sim.cut(),
        F::CutWithLateFrames => sim.cut_and_deliver_late(dice.between(1, 9_000)),
        F::CloseCode => sim.fault(json!({ "close_socket": { "code": dice.pick(CODES), "reason": "bye" } })),
        F::Farewell => {
            let reason = dice.pick(REASONS);
            let data = match reason {
                "misdirected_connection" => json!({ "region": "fra" }),
                "customer_temporarily_blocked" => json!({ "timeout": dice.between(1, 20) }),
                _ => json!(null),
            };
            sim.fault(json!({ "disconnect": { "reason": reason, "data": data } }));
        }
        F::HalfOpen => sim.half_open(Direction::Both),
        F::HalfOpenOneWay => sim.half_open(if dice.coin() { Direction::Up } else { Direction::Down }),
        F::Silence => {
            sim.fall_silent();
            remedy = Some((dice.between(100, 40_000), Remedy::Speak));
        }
        F::Stall => sim.link.stalled_until = sim.now + dice.between(500, 12_000),
        F::Latency => {
            sim.link.latency_ms = dice.between(1, 1_500);
            remedy = Some((dice.between(1_000, 60_000), Remedy::Quicken));
        }
        F::Truncated => sim.fault(json!({ "truncate": {} })),
        F::Garbage => sim.fault(json!({ "garbage": { "wrong_types": dice.coin() } })),
        F::Duplicated => sim.fault(json!({ "duplicate": { "pushes": dice.between(1, 6) } })),
        F::Swapped => sim.fault(json!({ "reorder": { "pushes": dice.between(2, 4) } })),
        F::ResponseFirst => sim.fault(json!({ "response_first": { "on": dice.coin() } })),
        F::ResponsesLost => sim.fault(json!({ "omit_responses": { "count": dice.between(1, 4) } })),
        F::LostAfterExecuting => sim.fault(json!({ "close_after_executing": { "action": "send_event" } })),
        F::SlowRequests => {
            // The platform gives up on a request after 15 s.
            sim.fault(json!({ "execute_delay": { "ms": dice.between(100, 14_000) } }));
            remedy = Some((dice.between(1_000, 30_000), Remedy::NormalRequests));
        }
        F::RequestsRefused => {
            let count = dice.between(1, 4);
            sim.fault(json!({ "fail": { "type": dice.pick(REFUSALS), "count": count } }));
        }
        F::RefusedAndStored => sim.fault(json!({ "fail": {
            "type": dice.pick(REFUSALS), "action": "send_event", "count": dice.between(1, 3),
            "execute_after_ms": dice.between(0, LATEST_MS),
        } })),
        F::UnansweredAndStored => sim.fault(json!({ "mute": {
            "action": "send_event", "count": dice.between(1, 3), "execute_after_ms": dice.between(0, LATEST_MS),
        } })),
        F::RefusedForNoKnownReason => sim.fault(json!({ "fail": {
            "type": "invented_tomorrow", "action": "send_event", "execute_after_ms": dice.between(0, LATEST_MS),
        } })),
        F::FalseSuccess => sim.fault(json!({ "false_success": {} })),
        F::ReadsFail => {
            let millis = dice.between(1_000, 60_000);
            let kind = dice.pick(&["internal", "service_unavailable", "invented_tomorrow"]);
            let actions = if dice.coin() { READS } else { &READS[..1] };
            sim.fault(json!({ "fail": { "type": kind, "action": actions, "for_ms": millis } }));
            if dice.coin() {
                sim.cut();
            }
        }
        F::ReadsHang => {
            let actions = if dice.coin() { READS } else { &READS[..1] };
            sim.fault(json!({ "mute": { "action": actions } }));
            remedy = Some((dice.between(1_000, 60_000), Remedy::Reads));
            if dice.coin() {
                sim.cut();
            }
        }
        F::CaptivePortal => {
            let places = dice.pick(PORTAL_PLACES);
            sim.fault(json!({ "captive_portal": { "at": places, "status": dice.pick(PORTAL_STATUSES) } }));
            if dice.coin() {
                sim.fault(json!({ "expire_tokens": {} }));
            }
            sim.cut();
            remedy = Some((dice.between(1_000, 60_000), Remedy::CaptivePortal));
        }
        F::TokenService => {
            let status = dice.pick(&[400_u16, 401, 403, 429, 500, 502, 503]);
            sim.fault(match dice.below(3) {
                0 => json!({ "token_service": { "mode": "hang" } }),
                1 => json!({ "token_service": { "mode": "error", "status": status, "exception": "server_error" } }),
                _ => json!({ "token_service": { "mode": "error", "status": status, "exception": "" } }),
            });
            sim.fault(json!({ "expire_tokens": {} }));
            remedy = Some((dice.between(1_000, 60_000), Remedy::TokenService));
        }
        F::TokensEnd => {
            sim.fault(if dice.coin() { json!({ "expire_tokens": {} }) } else { json!({ "revoke_tokens": {} }) });
        }
        F::WallClock => {
            sim.page.wall_skew_ms += if dice.coin() { 3_600_000 } else { -3_600_000 };
            if dice.coin() {
                sim.input(Input::Awake);
            }
        }
        F::Frozen => sim.freeze(Freeze {
            millis: dice.between(5_000, 600_000),
            clock_stops: dice.coin(),
            timers_first: dice.coin(),
            wakes: dice.coin(),
        }),
        F::Throttled => {
            sim.page.timer_grain_ms = 60_000;
            remedy = Some((dice.between(60_000, 300_000), Remedy::Timers));
        }
        F::Restart => {
            sim.kill_server();
            remedy = Some((dice.between(1, 20_000), Remedy::StartServer));
        }
        F::NoEntry => {
            sim.fault(json!({ "refuse": { "on": true } }));
            sim.cut();
            remedy = Some((dice.between(1_000, 20_000), Remedy::Admit));
        }
        F::ThreadClosedWhileAway => {
            sim.cut();
            meanwhile = if dice.coin() { Meanwhile::ThreadCloses } else { Meanwhile::ThreadReopens };
        }
        F::HistoryChangedWhileAway => {
            sim.cut();
            meanwhile = Meanwhile::HistoryChanges;
        }
        F::AgentsComeAndGo => {
            if dice.coin() {
                sim.cut();
            }
            meanwhile = Meanwhile::AgentsComeAndGo;
        }
        F::LyingHints => {
            for _ in 0..dice.between(1, 5) {
                sim.input(match dice.below(3) {
                    0 => Input::Online,
                    1 => Input::Offline,
                    _ => Input::Awake,
                });
                if dice.coin() {
                    sim.run(dice.below(3_000));
                }
            }
        }
        F::SameMicrosecond => in_one_microsecond(sim, None, dice.between(1, 4)),
        F::ServerClock => {
            let jitter = if dice.coin() { 0 } else { 5_000_000 };
            sim.fault(json!({ "server_clock": { "offset_us": dice.pick(JUMPS), "jitter_us": jitter } }));
            remedy = Some((dice.between(1_000, 60_000), Remedy::ServerClock));
        }
    }
    (remedy, meanwhile)
}

/// An agent says things at the very time of what was said before. Events only: threads do not begin at one moment.
pub fn in_one_microsecond(sim: &mut Sim, chat: Option<&str>, count: u64) {
    sim.fault(json!({ "same_created_at": { "count": count } }));
    for index in 0..count {
        sim.agent(json!({ "message": { "chat_id": chat, "text": format!("agent, at once {index}") } }));
    }
    sim.fault(json!({ "same_created_at": { "count": 0 } }));
}

/// Puts one thing right.
pub fn put_right(remedy: Remedy, sim: &mut Sim, dice: &mut Dice) {
    match remedy {
        Remedy::Speak => sim.speak_again(),
        Remedy::Quicken => sim.link.latency_ms = dice.between(5, 80),
        Remedy::NormalRequests => sim.fault(json!({ "execute_delay": { "ms": 0 } })),
        Remedy::Reads => {
            for actions in [READS, &READS[..1]] {
                sim.fault(json!({ "mute": { "action": actions, "on": false } }));
            }
        }
        Remedy::CaptivePortal => sim.fault(json!({ "captive_portal": { "on": false } })),
        Remedy::TokenService => sim.fault(json!({ "token_service": { "mode": "ok" } })),
        Remedy::Timers => sim.page.timer_grain_ms = 1,
        Remedy::StartServer => {
            if sim.brain.is_none() {
                sim.start_server(server(dice.below(1 << 32)));
            }
        }
        Remedy::Admit => sim.fault(json!({ "refuse": { "on": false } })),
        Remedy::ServerClock => sim.fault(json!({ "server_clock": { "on": false } })),
    }
}

/// Puts everything right. What no remedy reaches (a half-open socket, a lost answer) stays.
pub fn put_all_right(sim: &mut Sim, dice: &mut Dice) {
    for remedy in [Remedy::Speak, Remedy::Quicken, Remedy::Timers, Remedy::StartServer] {
        put_right(remedy, sim, dice);
    }
    sim.fault(json!({ "reset": {} }));
}

/// A server whose tokens end while they are in use.
pub fn server(seed: u64) -> Config {
    Config { seed, token_ttl_secs: 1_800, ..Config::default() }
}
