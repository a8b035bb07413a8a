//! Times on the wire: UTC, RFC 3339, microseconds, six digits and `Z` (reference §4).

use super::Micros;

/// Microseconds in a second.
pub(crate) const SECOND: Micros = 1_000_000;

/// Writes unix microseconds the way the platform does: `2026-03-01T10:00:00.000200Z`.
#[must_use]
pub fn format(at: Micros) -> String {
    let seconds = at.div_euclid(SECOND);
    let fraction = at.rem_euclid(SECOND);
    let day = seconds.div_euclid(86_400);
    let clock = seconds.rem_euclid(86_400);
    let (year, month, date) = civil(day);
    format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}.{fraction:06}Z",
        clock / 3600,
        clock / 60 % 60,
        clock % 60
    )
}

/// Reads an RFC 3339 time with any number of fraction digits and any offset; `None` when it is something else.
#[must_use]
pub fn parse(text: &str) -> Option<Micros> {
    let field = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let mark = |at: usize, of: &[u8]| text.as_bytes().get(at).is_some_and(|b| of.contains(b));
    if !(mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":") && mark(16, b":")) {
        return None;
    }
    let (year, month, date) = (field(0, 4)?, field(5, 7)?, field(8, 10)?);
    let (hour, minute, second) = (field(11, 13)?, field(14, 16)?, field(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&date) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let kept: String = after.chars().take(digits.min(6)).collect();
        fraction = kept.parse::<i64>().ok()? * 10_i64.pow(6 - u32::try_from(kept.len()).ok()?);
        rest = after.get(digits..)?;
    }
    let offset = match rest {
        "Z" | "z" => 0,
        _ => {
            let sign = match rest.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let (h, m) = rest.get(1..)?.split_once(':')?;
            sign * (h.parse::<i64>().ok()? * 3600 + m.parse::<i64>().ok()? * 60)
        }
    };
    let seconds = days(year, month, date) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(seconds * SECOND + fraction)
}

/// Days since 1970-01-01 to a date of the proleptic Gregorian calendar (eras of 400 years, years from March).
fn civil(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, date: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + date - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn a_time_survives_the_round_trip() {
        for text in ["1970-01-01T00:00:00.000000Z", "2026-03-01T10:00:00.000200Z", "2024-02-29T23:59:59.999999Z"] {
            assert_eq!(parse(text).map(format).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_spellings_of_a_time_are_read() {
        let at = parse("2026-03-01T10:00:00.5Z");
        assert_eq!(at, parse("2026-03-01T11:00:00.500000+01:00"));
        assert_eq!(parse("2026-03-01T10:00:00.500"), None);
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse("2026-13-01T10:00:00Z"), None);
    }
}
