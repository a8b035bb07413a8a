//! Every deadline of the connection is a row in one table, so none is forgotten and all can be listed.

use crate::model::Instant;

/// The rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// When to give up on a socket that does not open.
    Connect,
    /// When to give up on a token that does not come.
    Token,
    /// When to give up on the login and the summary.
    Login,
    /// When to send the next ping.
    Heartbeat,
    /// When a ping that was not answered means that the line is dead.
    HeartbeatReply,
    /// When to try again.
    Reconnect,
    /// When the connection has proved useful and the backoff starts anew.
    Useful,
    /// When the next sneak peek may go out.
    SneakPeek,
}

const COUNT: usize = Timer::SneakPeek as usize + 1;

/// At most one deadline per row.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Instant>; COUNT]);

impl Timers {
    /// Arms a row, replacing what stood there.
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = Some(at);
    }

    /// Disarms a row.
    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    /// Disarms all rows but the token's: a token may be asked for without a line.
    pub(super) fn clear(&mut self) {
        let token = self.0[Timer::Token as usize];
        self.0 = [None; COUNT];
        self.0[Timer::Token as usize] = token;
    }

    /// Whether a row is due; disarms it if so.
    pub(super) fn take_due(&mut self, timer: Timer, now: Instant) -> Option<Instant> {
        let due = self.0[timer as usize].filter(|at| *at <= now)?;
        self.stop(timer);
        Some(due)
    }

    /// The earliest deadline.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().flatten().min().copied()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_row_fires_once() {
        let mut timers = Timers::default();
        timers.set(Timer::Login, Instant(5));
        timers.set(Timer::Useful, Instant(9));
        assert_eq!(timers.next(), Some(Instant(5)));
        assert_eq!(timers.take_due(Timer::Login, Instant(4)), None);
        assert_eq!(timers.take_due(Timer::Login, Instant(7)), Some(Instant(5)));
        assert_eq!(timers.take_due(Timer::Login, Instant(7)), None);
        assert_eq!(timers.next(), Some(Instant(9)));
        timers.clear();
        assert_eq!(timers.next(), None);
    }
}
