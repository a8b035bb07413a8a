//! Decisions out of bytes: every input means something, a changed byte changes one decision, and where the bytes end
//! all further decisions are the first choice.

use std::sync::OnceLock;

use serde_json::Value as Json;

use super::mutants::{mutant, oddities, places};

static ODDITIES: OnceLock<Vec<Json>> = OnceLock::new();

pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let number =
            if end > 256 { usize::from(self.byte()) << 8 | usize::from(self.byte()) } else { self.byte().into() };
        number.checked_rem(end).unwrap_or_default()
    }

    pub fn pick<'b, T>(&mut self, choices: &'b [T]) -> &'b T {
        &choices[self.below(choices.len())]
    }

    /// From nothing to some weeks, in steps that double.
    pub fn millis(&mut self) -> u64 {
        (1 << (self.byte() % 32)) - 1
    }

    /// The sample, or a copy with up to three values replaced or taken out.
    pub fn mutate(&mut self, mut sample: Json) -> Json {
        for _ in 0..self.byte() % 4 {
            let mut all = Vec::new();
            places(&sample, "", &mut all);
            let place = self.pick(&all);
            let oddities = ODDITIES.get_or_init(oddities);
            let oddity = oddities.get(self.below(oddities.len() + 1));
            if let Some(next) = mutant(&sample, place, oddity) {
                sample = next;
            }
        }
        sample
    }

    /// What is left, as text.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }
}
