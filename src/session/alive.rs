//! Whether the line lives: signs of the page and the device, heartbeats, deadlines that nobody watched.

use super::Session;
use super::line::{Next, Phase};
use super::output::Output;
use super::timer::Timer;
use crate::json::names;
use crate::model::{Instant, Notice};

/// The platforms want a sign of life well within half a minute (`pitfalls` 4).
pub(super) const HEARTBEAT_MS: u64 = 15_000;
const HEARTBEAT_REPLY_MS: u64 = 4_500;
/// After a wake or a network change an answer is due sooner.
const PROBE_REPLY_MS: u64 = 2_400;
/// A request that waits this long for its reply makes the line doubtful: with the time for the probe's answer a dead
/// line is found within five seconds of a send.
const UNANSWERED_MS: u64 = 2_500;
/// A deadline noticed this much too late was slept through: frames may be waiting behind it.
pub(super) const LATE_MS: u64 = 1_000;
/// How long an answer may take once more when two deadlines in a row were noticed too late.
pub(super) const GRACE_MS: u64 = 2_400;
/// Timers of hidden tabs run once a minute (`pitfalls` 7); what is later than that was asleep.
pub(super) const ASLEEP_MS: u64 = 90_000;

/// What the device says of its network while a line is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stability {
    Stable,
    /// It has none; the line may live all the same.
    Unstable,
    /// It has one again; the next frame shows that the line has survived.
    Recovering,
}

impl Session {
    /// The device has a network again: what was tried without one is not worth waiting for.
    #[inline(never)]
    pub(super) fn online(&mut self) {
        self.token_gate = self.now;
        match self.phase {
            Phase::Waiting => self.attempt("online"),
            Phase::Opening { .. } | Phase::LoggingIn { .. } | Phase::Summing { .. } => {
                self.drop_line();
                self.attempt("online");
            }
            Phase::Live { .. } => {
                if self.stability == Stability::Unstable {
                    self.stability = Stability::Recovering;
                }
                self.probe_anew();
            }
            Phase::Idle | Phase::Closed | Phase::Destroyed => {}
        }
    }

    /// The device has no network, it says. The line will tell.
    pub(super) fn offline(&mut self) {
        if self.is_live() && self.stability != Stability::Unstable {
            self.stability = Stability::Unstable;
            self.emit(Notice::Plain(names::CONNECTION_UNSTABLE));
        }
        self.probe();
    }

    /// The page woke. What it waited for while asleep it need not wait for again.
    pub(super) fn awake(&mut self) {
        if matches!(self.phase, Phase::Waiting) {
            self.attempt("awake");
        } else {
            self.probe_anew();
        }
    }

    /// The page was away, and the line perhaps with it: what was asked before proves nothing.
    fn probe_anew(&mut self) {
        self.timers.stop(Timer::HeartbeatReply);
        self.probe();
        self.suspect_all();
    }

    /// A deadline came up much later than it was due: the page was throttled, or asleep.
    pub(super) fn overslept(&mut self, millis: u64) {
        if millis > ASLEEP_MS {
            self.awake();
        }
    }

    /// Something makes the line doubtful: demand an answer soon.
    pub(super) fn probe(&mut self) {
        if self.is_live() {
            self.ping(PROBE_REPLY_MS);
        }
    }

    fn ping(&mut self, reply_ms: u64) {
        let id = self.next_request_id();
        let Phase::Live { socket, ping, .. } = &mut self.phase else { return };
        *ping = Some(id);
        let frame = self.adapter.ping(id);
        self.out.push(Output::Send { socket: *socket, frame });
        // An answer that is due already is not waited for any longer than it was.
        let due = self.now.after(reply_ms);
        let known = self.timers.get(Timer::HeartbeatReply).filter(|at| *at > self.now);
        self.timers.set(Timer::HeartbeatReply, known.map_or(due, |at| at.min(due)));
        self.timers.stop(Timer::Heartbeat);
    }

    /// The answer to a ping is overdue. A deadline that nobody watched proves nothing: a frozen page has frames waiting, a
    /// throttled one looks once a minute. Then the question is asked again; if that answer is missed as well, and no frame
    /// waits behind the deadline, the line is dead.
    pub(super) fn unanswered(&mut self, due: Instant) {
        let is_late = self.now.since(due) > LATE_MS;
        let Phase::Live { late, .. } = &mut self.phase else { return };
        match *late {
            0 if is_late => {
                *late = 1;
                self.ping(PROBE_REPLY_MS);
            }
            1 if is_late => {
                *late = 2;
                self.timers.set(Timer::HeartbeatReply, self.now.after(GRACE_MS));
            }
            _ => self.lose("no_answer", Next::Now),
        }
    }

    /// A request was sent: its reply is watched.
    pub(super) fn watch_request(&mut self) {
        if self.timers.get(Timer::Unanswered).is_none() {
            self.timers.set(Timer::Unanswered, self.now.after(UNANSWERED_MS));
        }
    }

    /// Looks for requests that wait for too long.
    pub(super) fn watch_requests(&mut self) {
        let Some(oldest) = self.requests.iter().filter_map(|request| request.sent()).min() else { return };
        let due = oldest.after(UNANSWERED_MS);
        let is_due = due <= self.now;
        if is_due {
            self.probe();
        }
        self.timers.set(Timer::Unanswered, if is_due { self.now.after(UNANSWERED_MS) } else { due });
    }

    /// Any frame shows that the line is alive. The deadline is not moved for each: it looks back when it is due.
    pub(super) fn heard(&mut self) {
        let now = self.now;
        if self.stability == Stability::Recovering {
            self.stability = Stability::Stable;
            self.emit(Notice::Plain(names::CONNECTION_RECOVERED));
        }
        if let Phase::Live { ping, heard, late, .. } = &mut self.phase {
            *heard = now;
            *late = 0;
            if ping.take().is_some() {
                self.timers.stop(Timer::HeartbeatReply);
                self.timers.set(Timer::Heartbeat, now.after(HEARTBEAT_MS));
            }
        }
    }

    /// A heartbeat is due, unless something was heard meanwhile.
    pub(super) fn heartbeat(&mut self) {
        let Phase::Live { heard, .. } = self.phase else { return };
        let due = heard.after(HEARTBEAT_MS);
        if due > self.now {
            self.timers.set(Timer::Heartbeat, due);
        } else {
            self.ping(HEARTBEAT_REPLY_MS);
        }
    }
}
