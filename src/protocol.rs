//! One module per platform: its words, its login, its way of showing a conversation. None knows the others.

pub mod livechat;

use crate::model::Config;
use crate::session::Adapter;

/// The adapter for what was configured.
pub fn adapter(config: &Config) -> Box<dyn Adapter> {
    Box::new(livechat::LiveChat::new(config))
}
