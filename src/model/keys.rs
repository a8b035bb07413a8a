//! A set of event ids.

use crate::json::Key;

/// A set of keys that mostly come one after the other: sorted ranges, both ends among them. However long a thread is, it
/// takes the room of its holes.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(Key, Key)>);

impl Keys {
    /// Whether it is in.
    pub(super) fn contains(&self, id: Key) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= id);
        self.0[..after].last().is_some_and(|(_, last)| id <= *last)
    }

    /// Puts one in. Returns whether it was new.
    pub(super) fn insert(&mut self, id: Key) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= id);
        let (before, behind) = self.0.split_at_mut(after);
        if let Some((_, last)) = before.last_mut() {
            if id <= *last {
                return false;
            }
            if last.is_before(id) {
                *last = id;
                if let Some((first, end)) = behind.first()
                    && id.is_before(*first)
                {
                    *last = *end;
                    self.0.remove(after);
                }
                return true;
            }
        }
        match behind.first_mut() {
            Some((first, _)) if id.is_before(*first) => *first = id,
            Some(_) | None => self.0.insert(after, (id, id)),
        }
        true
    }

    /// How many ranges it takes.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(super) const fn ranges(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::of(text).unwrap()
    }

    #[test]
    fn a_hole_stays_one_from_whichever_side_it_is_come_at() {
        for order in [[1, 2, 5, 6], [6, 5, 2, 1], [5, 2, 6, 1], [2, 5, 1, 6]] {
            let mut keys = Keys::default();
            for number in order {
                assert!(keys.insert(key(&format!("K_{number}"))));
            }
            assert_eq!(keys.ranges(), 2);
            for number in 0..8 {
                assert_eq!(
                    keys.contains(key(&format!("K_{number}"))),
                    order.contains(&number),
                    "{number} of {order:?}"
                );
            }
        }
    }

    #[test]
    fn keys_that_follow_each_other_take_no_room() {
        for order in [[1, 2, 3, 4], [4, 3, 2, 1], [1, 3, 2, 4], [2, 4, 1, 3]] {
            let mut keys = Keys::default();
            for number in order {
                assert!(keys.insert(key(&format!("K_{number}"))));
            }
            assert_eq!(keys.ranges(), 1);
            for number in order {
                assert!(!keys.insert(key(&format!("K_{number}"))));
            }
            assert!(!keys.contains(key("K_5")) && !keys.contains(key("K")) && !keys.contains(key("L_1")));
        }
    }

    #[test]
    fn ids_of_other_forms_are_in_only_if_they_were_put_in() {
        let names: Vec<String> = (0..60).map(|index| format!("{index}-opaque")).collect();
        // Known to the table in this order, so that they have numbers that follow each other.
        let all: Vec<Key> = names.iter().map(|name| key(name)).collect();
        let mut keys = Keys::default();
        for id in all.iter().step_by(2) {
            assert!(keys.insert(*id) && !keys.insert(*id));
        }
        for (index, id) in all.iter().enumerate() {
            assert_eq!(keys.contains(*id), index % 2 == 0, "{index}");
        }
        assert!(keys.insert(key("K_1")) && keys.insert(key("L_1")) && keys.insert(key("K_9")));
        assert!(!keys.contains(key("K_5")) && !keys.contains(key("K")) && !keys.contains(key("L_2")));
        for id in all.iter().rev() {
            keys.insert(*id);
        }
        assert!(all.iter().all(|id| keys.contains(*id)));
        assert_eq!(keys.ranges(), 4, "however long a conversation is");
    }
}
