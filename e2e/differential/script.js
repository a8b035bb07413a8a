// Who is who on the scripted platform, and what it answers to a login.

export const ORGANIZATION = "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01";
export const CUSTOMER = "7a0d5f7e-2f3a-4f0b-9a41-d1d0a6c9b001";
export const AGENT = "grace@example.com";

export const customer = {
  id: CUSTOMER,
  type: "customer",
  name: "Ada Byron",
  email: "ada@example.com",
  avatar: "https://example.com/a.png",
  session_fields: [{ plan: "pro" }, { seats: "3" }],
};
export const agent = {
  id: AGENT,
  type: "agent",
  name: "Grace",
  avatar: "https://example.com/g.png",
  job_title: "Support",
};
export const statistics = {
  chats_count: 1,
  threads_count: 4,
  visits_count: 6,
  page_views_count: 31,
  greetings_shown_count: 2,
  greetings_accepted_count: 0,
};

export const identityToken = () => ({
  accessToken: "dal:differential",
  entityId: CUSTOMER,
  expiresIn: 28_800_000,
  tokenType: "Bearer",
  creationDate: Date.now(),
  organizationId: ORGANIZATION,
});

export const login = {
  customer: { ...customer, statistics },
  has_active_thread: true,
  chats: [],
  greeting: {
    id: 12,
    unique_id: "T1A2B3C4D5",
    accepted: false,
    displayed_first_time: true,
    addon: "email",
    subtype: "announcement",
    is_exit_intent: false,
    event: { type: "message", text: "Need a hand?" },
    agent: { ...agent, is_bot: false },
  },
  __priv_dynamic_config: { online_groups_ids: [0, 2], customer_groups: { monitoring: { id: 0 } } },
};
