//! Chance, the same for the same seed.

use palaver::session::Random;

#[derive(Debug)]
pub struct Dice(Random);

impl Dice {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds are to have nothing in common.
        let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        for _ in 0..8 {
            random.next();
        }
        Self(random)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        (u64::from(self.0.next()) * end) >> 32
    }

    pub fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn coin(&mut self) -> bool {
        self.once_in(2)
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}
