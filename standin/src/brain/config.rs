//! What can be set from outside.

/// Settings of a [`Brain`](super::Brain).
#[derive(Debug, Clone)]
pub struct Config {
    /// Lifetime of access tokens; the platform's own is 8 hours (reference §1.7).
    pub token_ttl_secs: u64,
    /// Whether an agent answers by itself.
    pub bot: bool,
    /// Whether `/control/…` is served.
    pub control: bool,
    /// Where ids and secrets come from. The same seed and inputs make the same outputs.
    pub seed: u64,
    /// Origin under which the server is reached, for avatars; no slash at the end.
    pub base_url: String,
    /// Chats a customer may have; the platform allows one (reference §1.7).
    pub chats_per_customer: usize,
    /// Whether an agent is in a chat from its start, as with automatic routing.
    pub assign_agent: bool,
    /// Who can answer; the first one does unless another is named.
    pub agents: Vec<Agent>,
}

/// Somebody who answers customers.
#[derive(Debug, Clone)]
pub struct Agent {
    /// An opaque id.
    pub id: String,
    /// Shown to customers.
    pub name: String,
    /// Shown under the name.
    pub job_title: String,
    /// Path of the picture below [`Config::base_url`].
    pub avatar_path: String,
}

impl Agent {
    fn new(id: &str, name: &str, job_title: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            job_title: job_title.to_owned(),
            avatar_path: "/agent/avatar.svg".to_owned(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            token_ttl_secs: 28_800,
            bot: false,
            control: false,
            seed: 1,
            base_url: "http://127.0.0.1:8080".to_owned(),
            chats_per_customer: 1,
            assign_agent: true,
            agents: vec![
                Agent::new("ada1c0de5b0f4c1e9d2a7f6e8b3c4d10", "Ada Agent", "Support Agent"),
                Agent::new("97ace0ff1ce54d2c8b6a1f0e3d5c7b92", "Grace Agent", "Support Lead"),
            ],
        }
    }
}
