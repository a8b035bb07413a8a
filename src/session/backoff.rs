//! When to try again. Two tiers (`pitfalls` 15): after a change of the own network at once; otherwise spread, so that
//! the clients of a server that restarts do not all come back in the same second.

/// The first try after a close by the server falls anywhere within this many milliseconds.
pub(super) const FIRST_SPREAD_MS: u64 = 6_000;
/// No try waits longer.
pub(super) const MAX_MS: u64 = 30_000;

/// Counts the attempts since the last useful connection and says how long to wait.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempt: u32,
}

impl Backoff {
    /// The number of the attempt that runs or comes next, from 1.
    pub(super) const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// An attempt starts.
    pub(super) fn begin(&mut self) {
        self.attempt = self.attempt.saturating_add(1);
    }

    /// The attempt ended without the server's doing.
    pub(super) fn undo(&mut self) {
        self.attempt = self.attempt.saturating_sub(1);
    }

    /// The connection has proved useful.
    pub(super) fn reset(&mut self) {
        self.attempt = 0;
    }

    /// How long to wait before the next attempt, full jitter: the first uniform in 0–6 s, then uniform in
    /// 0…min(30 s, 1 s · 2ⁿ). `random` is uniform over all values.
    pub(super) fn delay_ms(&self, random: u32) -> u64 {
        let spread = match self.attempt {
            0 | 1 => FIRST_SPREAD_MS,
            // From the third attempt on the doubling has passed the first tier.
            attempt => MAX_MS.min(1_000 << attempt.min(10)),
        };
        (u64::from(random) * spread) >> 32
    }
}

/// A small generator (xorshift64*): jitter and ids need spread, not secrecy. Same seed, same numbers.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A generator; any seed will do.
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// The next number.
    #[allow(clippy::should_implement_trait)]
    pub const fn next(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        #[allow(clippy::cast_possible_truncation)]
        let number = (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32;
        number
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_bounds() {
        let mut backoff = Backoff::default();
        for (attempt, spread) in [(1, 6_000), (2, 4_000), (3, 8_000), (4, 16_000), (5, 30_000), (40, 30_000)] {
            while backoff.attempt() < attempt {
                backoff.begin();
            }
            assert_eq!(backoff.delay_ms(0), 0);
            assert!(backoff.delay_ms(u32::MAX) < spread);
            assert!(backoff.delay_ms(u32::MAX) > spread - 10);
        }
        backoff.reset();
        assert_eq!(backoff.attempt(), 0);
    }

    #[test]
    fn spreads_evenly() {
        let mut random = Random::new(7);
        let mut backoff = Backoff::default();
        backoff.begin();
        let mut buckets = [0_u32; 6];
        for _ in 0..60_000 {
            buckets[usize::try_from(backoff.delay_ms(random.next()) / 1_000).unwrap()] += 1;
        }
        assert!(buckets.iter().all(|count| (9_500..10_500).contains(count)), "{buckets:?}");
    }
}
