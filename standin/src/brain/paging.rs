//! Pages of a list that stay where they are when something newer appears: a page is named by its neighbour (§1.8, §7).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Micros;
use super::error::ApiError;

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

impl Order {
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, ApiError> {
        match text {
            None | Some("desc") => Ok(Self::Descending),
            Some("asc") => Ok(Self::Ascending),
            Some(_) => Err(ApiError::validation("`sort_order` must be `asc` or `desc`")),
        }
    }
}

/// How much makes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// So many items.
    Items(usize),
    /// As many items as are needed for so many events.
    Events(usize),
}

/// One page of one list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    pub(crate) order: Order,
    pub(crate) size: Size,
    /// Behind or before which item; the first page has none.
    pub(crate) from: Option<(Side, Key)>,
}

/// Where a page lies, seen from an item of the page one comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Behind,
    Before,
}

/// What the list is sorted by.
pub(crate) type Key = (Micros, String);

/// What a page holds: a range of the list, and its neighbours.
#[derive(Debug, PartialEq)]
pub(crate) struct Cut {
    pub(crate) range: std::ops::Range<usize>,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

impl Page {
    /// Cuts the page out of a list sorted in the page's order; each item has its key and how many events it holds.
    /// `list` names the list, so that its page ids are not taken for those of another.
    pub(crate) fn cut(&self, list: &str, items: &[(Key, usize)]) -> Cut {
        let before = |a: &Key, b: &Key| match self.order {
            Order::Ascending => a < b,
            Order::Descending => a > b,
        };
        let range = match &self.from {
            None => 0..self.fill(items.iter()),
            Some((Side::Behind, key)) => {
                let start = items.partition_point(|(own, _)| !before(key, own));
                start..start + self.fill(items.iter().skip(start))
            }
            Some((Side::Before, key)) => {
                let end = items.partition_point(|(own, _)| before(own, key));
                end - self.fill(items.iter().take(end).rev())..end
            }
        };
        let id = |side: Side, at: Option<usize>| {
            let key = at.and_then(|at| items.get(at)).map(|item| item.0.clone())?;
            Some(Self { from: Some((side, key)), ..self.clone() }.id(list))
        };
        Cut {
            next: (range.end < items.len()).then(|| id(Side::Behind, range.end.checked_sub(1))).flatten(),
            previous: (range.start > 0).then(|| id(Side::Before, Some(range.start))).flatten(),
            range,
        }
    }

    fn fill<'a>(&self, items: impl Iterator<Item = &'a (Key, usize)>) -> usize {
        match self.size {
            Size::Items(limit) => items.take(limit).count(),
            Size::Events(wanted) => {
                let (mut events, mut taken) = (0, 0);
                for (_, held) in items {
                    if events >= wanted {
                        break;
                    }
                    events += held;
                    taken += 1;
                }
                taken
            }
        }
    }

    fn id(&self, list: &str) -> String {
        let order = if self.order == Order::Ascending { "asc" } else { "desc" };
        let size = match self.size {
            Size::Items(limit) => format!("i{limit}"),
            Size::Events(wanted) => format!("e{wanted}"),
        };
        let (side, at, id) = match &self.from {
            Some((side, (at, id))) => (if *side == Side::Behind { "behind" } else { "before" }, *at, id.as_str()),
            None => ("", 0, ""),
        };
        STANDARD.encode(format!("{list}|{order}|{size}|{side}|{at}|{id}"))
    }

    /// Reads a page id of this list.
    pub(crate) fn parse(list: &str, page_id: &str) -> Result<Self, ApiError> {
        let read = || {
            let text = String::from_utf8(STANDARD.decode(page_id).ok()?).ok()?;
            let fields: Vec<&str> = text.split('|').collect();
            let [own, order, size, side, at, id] = fields.as_slice() else {
                return None;
            };
            let size = match (size.get(..1)?, size.get(1..)?.parse().ok()?) {
                ("i", limit) => Size::Items(limit),
                ("e", wanted) => Size::Events(wanted),
                _ => return None,
            };
            let side = match *side {
                "behind" => Side::Behind,
                "before" => Side::Before,
                _ => return None,
            };
            let page = Self {
                order: Order::parse(Some(order)).ok()?,
                size,
                from: Some((side, (at.parse().ok()?, (*id).to_owned()))),
            };
            (*own == list).then_some(page)
        };
        read().ok_or_else(|| ApiError::validation("unknown `page_id`"))
    }
}
