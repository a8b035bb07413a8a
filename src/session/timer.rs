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
    /// When sends go out without what storage has not said.
    Claim,
    /// When a request that is not answered makes the line doubtful.
    Unanswered,
    /// When what was perhaps missed may be read.
    Suspect,
    /// When to ask for a token before the present one ends.
    Refresh,
}

const COUNT: usize = Timer::Refresh as usize + 1;
/// Rows that have nothing to do with a line.
const LASTING: [Timer; 2] = [Timer::Token, Timer::Claim];

/// At most one deadline per row.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Instant>; COUNT]);

impl Timers {
    /// Arms a row, replacing what stood there.
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = Some(at);
    }

    /// When a row is due.
    pub(super) const fn get(&self, timer: Timer) -> Option<Instant> {
        self.0[timer as usize]
    }

    /// Disarms a row.
    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    /// Disarms the rows of the line.
    pub(super) fn clear(&mut self) {
        let before = core::mem::replace(&mut self.0, [None; COUNT]);
        for timer in LASTING {
            self.0[timer as usize] = before[timer as usize];
        }
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
