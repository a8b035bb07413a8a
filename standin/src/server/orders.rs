//! The way from the brain to the task of a socket: bounded, so that a peer that does not read costs a bounded amount.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{self, Receiver, Sender};

/// What a socket's task is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    Text(String),
    Ping,
    Close(u16, String),
    Abort,
}

impl Order {
    fn bytes(&self) -> usize {
        if let Self::Text(text) = self { text.len() } else { 0 }
    }
}

/// Frames that may wait for one peer.
const MOST_ORDERS: usize = 16_384;
/// Bytes that may wait for one peer. A single longer frame may wait alone.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The brain's end.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    sender: Sender<Order>,
    waiting: Arc<AtomicUsize>,
}

/// The task's end.
#[derive(Debug)]
pub(crate) struct Inbox {
    receiver: Receiver<Order>,
    waiting: Arc<AtomicUsize>,
}

pub(crate) fn channel() -> (Orders, Inbox) {
    let (sender, receiver) = mpsc::channel(MOST_ORDERS);
    let waiting = Arc::new(AtomicUsize::new(0));
    (Orders { sender, waiting: Arc::clone(&waiting) }, Inbox { receiver, waiting })
}

impl Orders {
    /// Whether the peer keeps up. If not, its connection is to be given up.
    pub(crate) fn give(&self, order: Order) -> bool {
        let bytes = order.bytes();
        let waiting = self.waiting.fetch_add(bytes, Ordering::AcqRel);
        (bytes == 0 || waiting == 0 || waiting + bytes <= MOST_BYTES) && self.sender.try_send(order).is_ok()
    }

    /// Whether the task has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether both lead to the same task.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.sender.same_channel(&other.sender)
    }
}

impl Inbox {
    pub(crate) async fn next(&mut self) -> Option<Order> {
        let order = self.receiver.recv().await?;
        self.waiting.fetch_sub(order.bytes(), Ordering::AcqRel);
        Some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, MOST_ORDERS, Order, channel};

    #[tokio::test]
    async fn peer_that_reads_nothing_is_given_up_at_the_limit() {
        let (orders, _inbox) = channel();
        let given = (0..MOST_ORDERS + 1).filter(|_| orders.give(Order::Ping)).count();
        assert_eq!(given, MOST_ORDERS);

        let (orders, mut inbox) = channel();
        let long = || Order::Text("x".repeat(MOST_BYTES / 2));
        assert!(orders.give(long()) && orders.give(long()) && !orders.give(long()));
        // The refused one counts until the connection is gone; nobody gives to it again.
        assert!(matches!(inbox.next().await, Some(Order::Text(_))));
    }

    #[tokio::test]
    async fn peer_that_reads_gets_any_amount_and_one_frame_of_any_length() {
        let (orders, mut inbox) = channel();
        for _ in 0..5 {
            assert!(orders.give(Order::Text("x".repeat(MOST_BYTES + 1))));
            assert!(orders.give(Order::Ping));
            assert!(matches!(inbox.next().await, Some(Order::Text(_))));
            assert!(matches!(inbox.next().await, Some(Order::Ping)));
        }
    }
}
