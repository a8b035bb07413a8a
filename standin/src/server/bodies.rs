//! Request bodies: so much as is wanted, in a limited time, and never more in memory than the server has room for.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout, timeout_at};

/// How long a body may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Between two parts of it.
    part: Duration,
    /// From its beginning to its end.
    whole: Duration,
}

pub(crate) const PATIENCE: Patience = Patience { part: Duration::from_secs(10), whole: Duration::from_secs(60) };

/// A browser shows an answer only after it has sent its body: of a body that was refused, so much is taken all the same,
/// for so long, and thrown away.
const LINGER_BYTES: usize = 32 * 1024 * 1024;
const LINGER_WITHIN: Duration = Duration::from_secs(5);
/// Of a body that says to be even longer, only what is on its way.
const LINGER_BYTES_OF_HUGE: usize = 256 * 1024;

/// How reading a body ended.
pub(crate) enum Reading {
    /// The whole body.
    Whole(Vec<u8>),
    /// It is longer than the limit; the rest, and how much has come.
    TooLong(BodyDataStream, usize),
    /// It did not come in time.
    Stalled,
    /// The connection ended first.
    Broken,
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize, patience: Patience) -> Reading {
    let mut parts = body.into_data_stream();
    let mut bytes = Vec::new();
    let end = Instant::now() + patience.whole;
    loop {
        let part_end = end.min(Instant::now() + patience.part);
        match timeout_at(part_end, parts.next()).await {
            Err(_) => return Reading::Stalled,
            Ok(None) => return Reading::Whole(bytes),
            Ok(Some(Err(_))) => return Reading::Broken,
            Ok(Some(Ok(part))) if bytes.len() + part.len() > limit => {
                return Reading::TooLong(parts, bytes.len() + part.len());
            }
            Ok(Some(Ok(part))) => bytes.extend_from_slice(&part),
        }
    }
}

/// Takes the rest of a body that was refused, off the way of its answer.
pub(crate) fn linger(mut parts: BodyDataStream, declared: Option<usize>) {
    let is_huge = declared.is_some_and(|length| length > LINGER_BYTES);
    let most = if is_huge { LINGER_BYTES_OF_HUGE } else { LINGER_BYTES };
    tokio::spawn(timeout(LINGER_WITHIN, async move {
        let mut taken = 0;
        while let Some(Ok(part)) = parts.next().await {
            taken += part.len();
            if taken > most {
                break;
            }
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use axum::body::Body;
    use futures_util::{StreamExt as _, stream};

    use super::{Patience, Reading, read};

    const PATIENCE: Patience = Patience { part: Duration::from_millis(60), whole: Duration::from_millis(200) };

    fn parts(count: usize, every: Duration) -> Body {
        Body::from_stream(stream::iter(0..count).then(move |_| async move {
            tokio::time::sleep(every).await;
            Ok::<_, Infallible>("part")
        }))
    }

    #[tokio::test]
    async fn body_is_read_up_to_its_limit() {
        assert!(matches!(read(Body::from("12345"), 5, PATIENCE).await, Reading::Whole(body) if body == b"12345"));
        assert!(matches!(read(Body::from("123456"), 5, PATIENCE).await, Reading::TooLong(_, 6)));
        let endless = parts(usize::MAX, Duration::ZERO);
        assert!(matches!(read(endless, 10, PATIENCE).await, Reading::TooLong(_, 12)), "chunks are counted");
    }

    #[tokio::test]
    async fn body_that_stops_or_trickles_is_given_up() {
        let stopped = Body::from_stream(stream::pending::<Result<&str, Infallible>>());
        assert!(matches!(read(stopped, 10, PATIENCE).await, Reading::Stalled));
        assert!(matches!(read(parts(100, Duration::from_millis(20)), 1000, PATIENCE).await, Reading::Stalled));
        assert!(matches!(read(parts(3, Duration::from_millis(20)), 1000, PATIENCE).await, Reading::Whole(_)));
    }

    #[tokio::test]
    async fn body_that_breaks_off_is_told_apart() {
        let broken = Body::from_stream(stream::iter([Ok("a"), Err(std::io::Error::other("gone"))]));
        assert!(matches!(read(broken, 10, PATIENCE).await, Reading::Broken));
    }
}
