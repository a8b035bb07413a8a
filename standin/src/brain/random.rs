//! Ids and secrets from a seed: the brain rolls no dice of its own.

/// A small generator (splitmix64): good enough for ids of a development server, and the same everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Ten characters of `A–Z0–9`, the form of chat and thread ids (reference §10, 6).
    pub(crate) fn short_id(&mut self) -> String {
        self.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 10)
    }

    /// A secret of 32 characters.
    pub(crate) fn secret(&mut self) -> String {
        self.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32)
    }

    /// A random UUID (version 4), the form of customer ids.
    pub(crate) fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0xfff,
            0x8000 | ((b >> 48) & 0x3fff),
            b & 0xffff_ffff_ffff
        )
    }

    /// Sixteen small letters.
    pub(crate) fn letters(&mut self) -> String {
        self.text(b"abcdefghijklmnopqrstuvwxyz", 16)
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = self.next().checked_rem(from.len() as u64)?;
        from.get(usize::try_from(at).ok()?).copied()
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        let count = alphabet.len() as u64;
        (0..length)
            .filter_map(|_| alphabet.get(usize::try_from(self.next() % count).ok()?).copied())
            .map(char::from)
            .collect()
    }
}
