//! The three clocks: monotonic, the wall's, and the server's.
//!
//! The core never reads one; they come in as arguments.

/// Monotonic milliseconds since an origin that only the host knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub u64);

impl Instant {
    /// The instant `millis` later.
    #[must_use]
    pub const fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds since `earlier`; 0 if that lies ahead.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds since 1970 on the device's clock. Only for people and for what is kept between page loads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixMillis(pub u64);

/// Microseconds since 1970 on the server's clock.
///
/// Servers order by microseconds; a clock of milliseconds would lose their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micros(pub i64);

impl Micros {
    /// Before every event.
    pub const MIN: Self = Self(i64::MIN);
    /// After every event.
    pub const MAX: Self = Self(i64::MAX);

    /// What the host reads a time as; `None` for what is no number.
    pub fn from_number(micros: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation)]
        (!micros.is_nan()).then_some(Self(micros as i64))
    }

    /// What [`Self::from_number`] reads.
    #[allow(clippy::cast_precision_loss)]
    pub const fn to_number(self) -> f64 {
        self.0 as f64
    }

    /// Reads RFC 3339, with any number of fraction digits and any offset.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn parse(text: &str) -> Option<Self> {
        let mut input = Digits(text.as_bytes());
        let year = input.number(4)?;
        input.expect(b'-')?;
        let month = input.number(2)?;
        input.expect(b'-')?;
        let day = input.number(2)?;
        if !input.skip(b'T') && !input.skip(b't') {
            input.expect(b' ')?;
        }
        let hour = input.number(2)?;
        input.expect(b':')?;
        let minute = input.number(2)?;
        input.expect(b':')?;
        let second = input.number(2)?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut fraction = 0;
        if input.skip(b'.') {
            let mut unit = 100_000;
            let mut any = false;
            while let Some(digit) = input.digit() {
                fraction += digit * unit;
                unit /= 10;
                any = true;
            }
            if !any {
                return None;
            }
        }
        let offset = if input.skip(b'Z') || input.skip(b'z') {
            0
        } else {
            let sign = if input.skip(b'-') {
                -1
            } else {
                input.expect(b'+')?;
                1
            };
            let hours = input.number(2)?;
            input.expect(b':')?;
            sign * (hours * 60 + input.number(2)?)
        };
        if !input.0.is_empty() {
            return None;
        }
        let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset;
        Some(Self((minutes * 60 + second) * 1_000_000 + fraction))
    }

    /// Milliseconds since 1970, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

/// Days between 1970-01-01 and a date of the Gregorian calendar. Counts years from March, so that the leap day is a
/// year's last.
#[cfg(not(target_arch = "wasm32"))]
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(not(target_arch = "wasm32"))]
struct Digits<'a>(&'a [u8]);

#[cfg(not(target_arch = "wasm32"))]
impl Digits<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        if !first.is_ascii_digit() {
            return None;
        }
        self.0 = rest;
        Some(i64::from(*first - b'0'))
    }

    fn number(&mut self, digits: u32) -> Option<i64> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + self.digit()?;
        }
        Some(number)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn reads_microseconds() {
        let at = Micros::parse("2026-03-01T10:00:00.000200Z").unwrap();
        assert_eq!(at, Micros(1_772_359_200_000_200));
        assert_eq!(at.millis(), 1_772_359_200_000);
        assert_eq!(Micros::parse("1970-01-01T00:00:00Z"), Some(Micros(0)));
        assert_eq!(Micros::parse("2000-02-29T23:59:59.5Z"), Some(Micros(951_868_799_500_000)));
        assert_eq!(Micros::parse("2016-12-31T23:59:60Z"), Micros::parse("2017-01-01T00:00:00Z"), "a leap second");
    }

    #[test]
    fn reads_other_precisions_and_offsets() {
        let at = Micros::parse("2026-03-01T10:00:00.123Z").unwrap();
        assert_eq!(Micros::parse("2026-03-01T12:00:00.123000+02:00"), Some(at));
        assert_eq!(Micros::parse("2026-03-01T07:30:00.123000999-02:30"), Some(at));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2026-03-01",
            "2026-13-01T10:00:00Z",
            "2026-03-01T10:00:00.Z",
            "2026-03-01T10:00:00",
            "2026-03-01T10:00:00Zx",
            "2026-03-01T10:00:61Z",
        ] {
            assert_eq!(Micros::parse(text), None, "{text}");
        }
    }

    #[test]
    fn orders_by_the_microsecond() {
        let text = |micros: u32| format!("2026-03-01T10:00:00.{micros:06}Z");
        assert!(Micros::parse(&text(1)) < Micros::parse(&text(2)));
        assert!(Micros::parse(&text(999_999)) > Micros::parse(&text(0)));
    }
}
