//! The words that the protocols, the pages and the core share a spelling for.
//!
//! A name that ends in `_` is the camelCase spelling that pages use of the word without it. The table has no meaning
//! of its own: what a word means is the business of the module that uses it.

/// A word of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(u16);

impl Name {
    /// Its place in the table.
    pub const fn index(self) -> i32 {
        self.0 as i32
    }

    /// The word at a place of the table.
    pub fn from_index(index: i32) -> Option<Self> {
        u16::try_from(index).ok().filter(|index| *index < COUNT).map(Self)
    }

    /// What [`As::Word`] reads.
    pub fn from_number(number: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation)]
        Self::from_index(number as i32)
    }

    /// The word itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn as_str(self) -> &'static str {
        TABLE.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// The name of a word, if it is in the table.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn find(text: &str) -> Option<Self> {
        TABLE.iter().position(|word| *word == text).and_then(|index| u16::try_from(index).ok()).map(Self)
    }
}

/// What stands at the end of a path, and as what it is wanted.
#[derive(Clone, Copy, Debug)]
pub enum As {
    /// A non-empty text, as the number of its [`Id`](super::Id); 0 if there is none.
    Id,
    /// The same, but 0 as well if the text was never met as an id.
    KnownId,
    /// A non-empty text, as a [`Key`](super::Key); 0 if there is none.
    Key,
    /// A number, or a text that is one.
    Number,
    /// An RFC 3339 time, as microseconds since 1970.
    Time,
    /// A known word, as its place in the table; -1 if it is none.
    Word,
}

/// The first of the places that are no names: what to do at the end of a path, one for each [`As`].
pub(super) const END: u16 = u16::MAX - 15;
/// Begins a path where the one before it took its last step.
pub(super) const SAME_PARENT: u16 = u16::MAX;
const MAX_PLACES: usize = 48;

/// `N` fields inside an object, laid out for the host: read together, since each look into the host has its price.
#[derive(Debug)]
pub struct Reading<const N: usize> {
    places: [u16; MAX_PLACES],
    length: usize,
}

impl<const N: usize> Reading<N> {
    /// Lays the paths out; at compile time, where too many names are an error.
    #[allow(clippy::indexing_slicing)]
    pub const fn new(paths: [(&[Name], As); N]) -> Self {
        let mut places = [END; MAX_PLACES];
        let mut length = 0;
        let mut path = 0;
        while path < N {
            let (names, wanted) = paths[path];
            let mut name = 0;
            if path > 0 && has_same_parent(paths[path - 1].0, names) {
                places[length] = SAME_PARENT;
                length += 1;
                name = names.len() - 1;
            }
            while name < names.len() {
                places[length] = names[name].0;
                length += 1;
                name += 1;
            }
            places[length] = END + wanted as u16;
            length += 1;
            path += 1;
        }
        assert!(length <= MAX_PLACES, "too many names");
        Self { places, length }
    }

    pub(super) fn places(&self) -> &[u16] {
        self.places.get(..self.length).unwrap_or_default()
    }
}

/// Whether two paths differ in their last name only, and have more than that.
#[allow(clippy::indexing_slicing)]
const fn has_same_parent(one: &[Name], two: &[Name]) -> bool {
    if one.len() != two.len() || one.len() < 2 {
        return false;
    }
    let mut index = 0;
    while index + 1 < one.len() {
        if one[index].0 != two[index].0 {
            return false;
        }
        index += 1;
    }
    true
}

macro_rules! names {
    ($first:ident = $first_text:literal, $($name:ident = $text:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $first, $($name,)* Count }
        pub const $first: Name = Name(Index::$first as u16);
        $(pub const $name: Name = Name(Index::$name as u16);)*
        const COUNT: u16 = Index::Count as u16;
        /// The table as the host takes it: one word a line.
        #[cfg(target_arch = "wasm32")]
        pub(super) const TABLE_TEXT: &str = concat!($first_text, $("\n", $text,)*);
        #[cfg(not(target_arch = "wasm32"))]
        const TABLE: &[&str] = &[$first_text, $($text,)*];
    };
}

names! {
    ACCESS = "access",
    ACCESS_TOKEN = "access_token",
    ACCESS_TOKEN_ = "accessToken",
    ACCOUNTS = "accounts",
    ACTION = "action",
    ACTIVE = "active",
    AFTER = "after",
    AGENT = "agent",
    ALL = "all",
    ALTERNATIVE_TEXT_ = "alternativeText",
    API = "api",
    API_VERSION = "apiVersion",
    APPLICATION = "application",
    ARGUMENT = "argument",
    ASC = "asc",
    ATTEMPT = "attempt",
    AUTHOR_ID = "author_id",
    AUTHOR_ID_ = "authorId",
    AUTO_CONNECT = "autoConnect",
    AVAILABILITY = "availability",
    AVAILABILITY_UPDATED = "availability_updated",
    BEARER_TYPE = "bearer_type",
    BUTTONS = "buttons",
    BUTTON_DEFAULTS = r#"{"role":"default","userIds":[]}"#,
    CHANNEL_TYPE = "channel_type",
    CHAT = "chat",
    CHATS_SUMMARY_ = "chatsSummary",
    CHAT_DEACTIVATED = "chat_deactivated",
    CHAT_DEFAULTS = r#"{"access":{},"properties":{},"users":[]}"#,
    CHAT_ID = "chat_id",
    CHAT_ID_ = "chatId",
    CHAT_PROPERTIES_DELETED = "chat_properties_deleted",
    CHAT_PROPERTIES_UPDATED = "chat_properties_updated",
    CHAT_THREAD_PROPERTIES_UPDATED = "chat_thread_properties_updated",
    CHAT_TRANSFERRED = "chat_transferred",
    CLIENT_ID = "client_id",
    CLIENT_ID_ = "clientId",
    CLOSED = "closed",
    CODE = "code",
    COMMENT = "comment",
    CONNECTED = "connected",
    CONNECTING = "connecting",
    CONNECTION_LOST = "connection_lost",
    CONNECTION_RECOVERED = "connection_recovered",
    CONNECTION_RESTORED = "connection_restored",
    CONNECTION_UNSTABLE = "connection_unstable",
    CREATED_AT = "created_at",
    CREATED_AT_ = "createdAt",
    CREATION_DATE_ = "creationDate",
    CUSTOMER = "customer",
    CUSTOMER_DATA_PROVIDER = "customerDataProvider",
    CUSTOMER_DISCONNECTED = "customer_disconnected",
    CUSTOMER_GROUPS = "customer_groups",
    CUSTOMER_ID = "customer_id",
    CUSTOMER_PAGE = "customer_page",
    CUSTOMER_PAGE_UPDATED = "customer_page_updated",
    CUSTOMER_SIDE_STORAGE = "customer_side_storage",
    CUSTOMER_SIDE_STORAGE_UPDATED = "customer_side_storage_updated",
    CUSTOMER_UPDATED = "customer_updated",
    CUSTOM_ID = "custom_id",
    CUSTOM_ID_ = "customId",
    DATA = "data",
    DEBUG = "debug",
    DEFAULT = "default",
    DESC = "desc",
    DETAILS = "details",
    DISCONNECTED = "disconnected",
    DYNAMIC_CONFIG = "dynamicConfig",
    ELEMENTS = "elements",
    EMAIL = "email",
    ENDPOINTS = "endpoints",
    ENTITY_ID = "entity_id",
    ENTITY_ID_ = "entityId",
    ERROR = "error",
    EVENT = "event",
    EVENTS = "events",
    EVENTS_MARKED_AS_SEEN = "events_marked_as_seen",
    EVENTS_SEEN_UP_TO_ = "eventsSeenUpTo",
    EVENTS_SEEN_UP_TO_MAP = "eventsSeenUpToMap",
    EVENT_DEFAULTS = r#"{"authorId":"system","properties":{}}"#,
    EVENT_DELETED = "event_deleted",
    EVENT_ID = "event_id",
    EVENT_ID_ = "eventId",
    EVENT_PROPERTIES_DELETED = "event_properties_deleted",
    EVENT_PROPERTIES_UPDATED = "event_properties_updated",
    EVENT_UPDATED = "event_updated",
    EXCEPTION = "exception",
    EXCEPTION_DESCRIPTION = "exception_description",
    EXPECTED = "expected",
    EXPIRES_AT = "expiresAt",
    EXPIRES_IN = "expires_in",
    EXPIRES_IN_ = "expiresIn",
    FAILED = "failed",
    FIELDS = "fields",
    FILE = "file",
    FORM = "form",
    FROM = "from",
    GOALS_DEFAULTS = r#"{"session_fields":[],"group_id":0}"#,
    GRANT_TYPE = "grant_type",
    GREETING = "greeting",
    GREETING_ACCEPTED = "greeting_accepted",
    GREETING_CANCELED = "greeting_canceled",
    GREETING_DEFAULTS = r#"{"addon":null,"accepted":false,"subtype":"greeting"}"#,
    GROUPS = "groups",
    GROUPS_STATUS = "groups_status",
    GROUPS_STATUS_UPDATED = "groups_status_updated",
    GROUP_ID = "group_id",
    GROUP_IDS_ = "groupIds",
    GROUP_ID_ = "groupId",
    HEIGHT = "height",
    HIGH = "high",
    HISTORY_GAP = "history_gap",
    ID = "id",
    IDENTITY_CHANGED = "identity_changed",
    IDENTITY_EXCEPTION = "identity_exception",
    IDENTITY_PROVIDER = "identityProvider",
    IDLE = "idle",
    IMAGE_URL_ = "imageUrl",
    INCOMING_CHAT = "incoming_chat",
    INCOMING_EVENT = "incoming_event",
    INCOMING_EVENT_PREVIEW = "incoming_event_preview",
    INCOMING_GREETING = "incoming_greeting",
    INCOMING_MULTICAST = "incoming_multicast",
    INCOMING_RICH_MESSAGE_POSTBACK = "incoming_rich_message_postback",
    INCOMING_THINKING_INDICATOR = "incoming_thinking_indicator",
    INCOMING_TYPING_INDICATOR = "incoming_typing_indicator",
    INCOMING_WELCOME_MESSAGE = "incoming_welcome_message",
    IS_MOBILE = "is_mobile",
    IS_TYPING = "is_typing",
    IS_TYPING_ = "isTyping",
    LAST_EVENT = "lastEvent",
    LAST_EVENTS_PER_TYPE = "lastEventsPerType",
    LAST_EVENT_PER_TYPE_ = "lastEventPerType",
    LAST_SEEN_TIMESTAMP_UPDATED = "last_seen_timestamp_updated",
    LAST_THREAD_CREATED_AT_ = "lastThreadCreatedAt",
    LAST_THREAD_ID_ = "lastThreadId",
    LC2 = "lc2",
    LIMIT = "limit",
    MESSAGE = "message",
    MESSAGE_STATUS = "message_status",
    MIN_EVENTS_COUNT_ = "minEventsCount",
    MOBILE = "mobile",
    MONITORING = "monitoring",
    N = "n",
    NAME = "name",
    NEW_EVENT = "new_event",
    NEW_ID = "newId",
    NEXT_PAGE_ID_ = "nextPageId",
    NOT_SENT = "not_sent",
    OAUTH_EXCEPTION = "oauth_exception",
    OFFLINE = "offline",
    ONLINE = "online",
    ONLINE_GROUPS_IDS = "online_groups_ids",
    ORDER = "order",
    ORGANIZATION_ID_ = "organizationId",
    OUTCOME = "outcome",
    PAGE = "page",
    PAGE_ID_ = "pageId",
    PAYLOAD = "payload",
    PLATFORM = "platform",
    POSITION = "position",
    POSTBACK = "postback",
    PRESENT = "present",
    PREVIOUS = "previous",
    PREVIOUS_ID = "previousId",
    PREVIOUS_PAGE_ID_ = "previousPageId",
    PREVIOUS_THREAD_ID_ = "previousThreadId",
    PRIV_DYNAMIC_CONFIG = "__priv_dynamic_config",
    PROPERTIES = "properties",
    PUSH = "push",
    QUEUE = "queue",
    QUEUED = "queued",
    QUEUE_POS = "queue_pos",
    QUEUE_POSITION_UPDATED = "queue_position_updated",
    QUEUE_WAITING_TIME = "queue_waiting_time",
    RATING = "rating",
    REASON = "reason",
    REDIRECT_URI_ = "redirectUri",
    REFERRER = "referrer",
    REGION = "region",
    REQUESTER_ID = "requester_id",
    REQUESTER_ID_ = "requesterId",
    REQUEST_ID = "request_id",
    RESPONSE = "response",
    RESPONSE_TYPE = "response_type",
    RESUME = "resume",
    RESUMES = "resumes",
    RETRYABLE = "retryable",
    RETRY_AT = "retryAt",
    RETRY_IN_MS = "retryInMs",
    RICH_DEFAULTS = r#"{"elements":[]}"#,
    RICH_MESSAGE = "rich_message",
    ROUTING = "routing",
    SCORE = "score",
    SEEN_UP_TO = "seen_up_to",
    SEEN_UP_TO_ = "seenUpTo",
    SENDING = "sending",
    SEND_EVENT = "send_event",
    SEND_TIMEOUT_MS = "sendTimeoutMs",
    SENT = "sent",
    SENT_AT = "sentAt",
    SINCE = "since",
    SESSION_FIELDS = "session_fields",
    SESSION_FIELDS_ = "sessionFields",
    SHARED_CONNECTION = "sharedConnection",
    SIZE = "size",
    START_DEFAULTS = r#"{"active":true,"chat":{}}"#,
    STATE = "state",
    STATUS = "status",
    STORAGE = "storage",
    STRICT = "strict",
    SUCCESS = "success",
    SUMMARY_DEFAULTS = r#"{"active":false,"lastThreadId":null,"lastThreadCreatedAt":null}"#,
    TAB_ID = "tab_id",
    TAB_ID_ = "tabId",
    TEMPLATE = "template",
    TEMPLATE_ID_ = "templateId",
    TEXT = "text",
    THREAD = "thread",
    THREADS = "threads",
    THREAD_CLOSED = "thread_closed",
    THREAD_CREATED_AT_ = "threadCreatedAt",
    THREAD_DEFAULTS = r#"{"active":false,"access":{},"properties":{},"userIds":[],"previousThreadId":null,"nextThreadId":null,"queue":null}"#,
    THREAD_ID = "thread_id",
    THREAD_ID_ = "threadId",
    THREAD_METADA = "thread_metada",
    THREAD_METADATA = "thread_metadata",
    THREAD_PROPERTIES_DELETED = "thread_properties_deleted",
    THREAD_PROPERTIES_UPDATED = "thread_properties_updated",
    THREAD_SUMMARY = "thread_summary",
    THUMBNAILS = "thumbnails",
    THUMBNAIL_2X_URL_ = "thumbnail2xUrl",
    THUMBNAIL_URL_ = "thumbnailUrl",
    TIMEOUT = "timeout",
    TIMESTAMP = "timestamp",
    TITLE = "title",
    TO = "to",
    TOGGLED = "toggled",
    TOKEN = "token",
    TOKEN_STORAGE_PREFIX = "tokenStoragePrefix",
    TOKEN_TYPE_ = "tokenType",
    TOTAL_CHATS_ = "totalChats",
    TOTAL_EVENTS = "totalEvents",
    TRANSCRIPT_EMAIL = "transcript_email",
    TRANSFERRED_TO = "transferred_to",
    TYPE = "type",
    TYPING_INDICATOR = "typing_indicator",
    TYPING_INDICATOR_ = "typingIndicator",
    UNIQUE_GROUPS = "uniqueGroups",
    UNKNOWN = "unknown",
    UNKNOWN_PUSH = "unknown_push",
    UNREAD_COUNT = "unreadCount",
    URL = "url",
    USER = "user",
    USERS = "users",
    USER_ADDED_TO_CHAT = "user_added_to_chat",
    USER_DATA = "user_data",
    USER_ID = "user_id",
    USER_ID_ = "userId",
    USER_IS_TYPING = "user_is_typing",
    USER_REMOVED_FROM_CHAT = "user_removed_from_chat",
    USER_STOPPED_TYPING = "user_stopped_typing",
    VERSION = "version",
    WAIT_TIME = "wait_time",
    WARNING = "warning",
    WEB_SOCKET_ = "webSocket",
    WIDTH = "width",
    WILL_RECONNECT = "willReconnect",
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_one_name() {
        for (index, word) in TABLE.iter().enumerate() {
            assert_eq!(Name::find(word).map(|name| usize::from(name.0)), Some(index), "{word} stands twice");
            assert!(!word.contains('\n'));
        }
    }
}
