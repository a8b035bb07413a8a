//! The tables of customers, tokens, chats and groups.

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};

use super::{json, notes, text};
use crate::brain::{ChatRow, Customer, EventRow, Group, GroupIdentity, Identity, Member, Record, ThreadRow, Token};

pub(super) const SCHEMA: &str = "
CREATE TABLE customer (
    id TEXT PRIMARY KEY, organization_id TEXT NOT NULL, created_at INTEGER NOT NULL, group_id INTEGER NOT NULL,
    profile TEXT NOT NULL, visits INTEGER NOT NULL, page_views INTEGER NOT NULL) STRICT;
CREATE TABLE identity (cookie_id TEXT PRIMARY KEY, secret TEXT NOT NULL) STRICT;
CREATE TABLE group_identity (
    cookie_id TEXT NOT NULL, organization_id TEXT NOT NULL, group_id TEXT NOT NULL, customer_id TEXT NOT NULL,
    PRIMARY KEY (cookie_id, organization_id, group_id)) STRICT;
CREATE TABLE token (
    token TEXT PRIMARY KEY, customer_id TEXT NOT NULL, organization_id TEXT NOT NULL, client_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE chat (
    id TEXT PRIMARY KEY, organization_id TEXT NOT NULL, customer_id TEXT NOT NULL, created_at INTEGER NOT NULL,
    group_ids TEXT NOT NULL, properties TEXT NOT NULL) STRICT;
CREATE TABLE member (
    chat_id TEXT NOT NULL, user_id TEXT NOT NULL, agent INTEGER NOT NULL, present INTEGER NOT NULL,
    seen_up_to INTEGER, PRIMARY KEY (chat_id, user_id)) STRICT;
CREATE TABLE thread (
    id TEXT PRIMARY KEY, chat_id TEXT NOT NULL, created_at INTEGER NOT NULL, active INTEGER NOT NULL,
    user_ids TEXT NOT NULL, properties TEXT NOT NULL, next_number INTEGER NOT NULL) STRICT;
CREATE TABLE event (
    thread_id TEXT NOT NULL, number INTEGER NOT NULL, chat_id TEXT NOT NULL, created_at INTEGER NOT NULL,
    agents_only INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (thread_id, number)) STRICT, WITHOUT ROWID;
CREATE TABLE grp (id INTEGER PRIMARY KEY, status TEXT NOT NULL) STRICT;
";

type Read = fn(&Row<'_>) -> rusqlite::Result<Record>;

/// How each table is read, in an order in which the rows can be taken back.
pub(super) const TABLES: &[(&str, Read)] = &[
    ("SELECT * FROM grp ORDER BY id", |row| {
        Ok(Record::Group(Group { id: row.get("id")?, status: row.get("status")? }))
    }),
    ("SELECT * FROM customer ORDER BY rowid", |row| {
        Ok(Record::Customer(Customer {
            id: row.get("id")?,
            organization_id: row.get("organization_id")?,
            created_at: row.get("created_at")?,
            group_id: row.get("group_id")?,
            profile: json(row, "profile")?,
            visits: row.get("visits")?,
            page_views: row.get("page_views")?,
        }))
    }),
    ("SELECT * FROM identity ORDER BY rowid", |row| {
        Ok(Record::Identity(Identity { cookie_id: row.get("cookie_id")?, secret: row.get("secret")? }))
    }),
    ("SELECT * FROM group_identity ORDER BY rowid", |row| {
        Ok(Record::GroupIdentity(GroupIdentity {
            cookie_id: row.get("cookie_id")?,
            organization_id: row.get("organization_id")?,
            group_id: row.get("group_id")?,
            customer_id: row.get("customer_id")?,
        }))
    }),
    ("SELECT * FROM token ORDER BY rowid", |row| {
        Ok(Record::Token(Token {
            token: row.get("token")?,
            customer_id: row.get("customer_id")?,
            organization_id: row.get("organization_id")?,
            client_id: row.get("client_id")?,
            expires_at: row.get("expires_at")?,
        }))
    }),
    ("SELECT * FROM chat ORDER BY rowid", |row| {
        Ok(Record::Chat(ChatRow {
            id: row.get("id")?,
            organization_id: row.get("organization_id")?,
            customer_id: row.get("customer_id")?,
            created_at: row.get("created_at")?,
            group_ids: json(row, "group_ids")?,
            properties: json::<Map<String, Value>>(row, "properties")?,
        }))
    }),
    ("SELECT * FROM member ORDER BY rowid", |row| {
        Ok(Record::Member(Member {
            chat_id: row.get("chat_id")?,
            user_id: row.get("user_id")?,
            agent: row.get("agent")?,
            present: row.get("present")?,
            seen_up_to: row.get("seen_up_to")?,
        }))
    }),
    ("SELECT * FROM thread ORDER BY created_at, rowid", |row| {
        Ok(Record::Thread(ThreadRow {
            id: row.get("id")?,
            chat_id: row.get("chat_id")?,
            created_at: row.get("created_at")?,
            active: row.get("active")?,
            user_ids: json(row, "user_ids")?,
            properties: json::<Map<String, Value>>(row, "properties")?,
            next_number: row.get("next_number")?,
            queue: json(row, "queue")?,
        }))
    }),
    ("SELECT * FROM event ORDER BY thread_id, number", |row| {
        Ok(Record::Event(EventRow {
            chat_id: row.get("chat_id")?,
            thread_id: row.get("thread_id")?,
            number: row.get("number")?,
            created_at: row.get("created_at")?,
            agents_only: row.get("agents_only")?,
            deleted: row.get("deleted")?,
            body: json(row, "body")?,
        }))
    }),
];

/// Upserts keep the rowid, and with it the order in which things came.
pub(super) fn write(to: &Connection, record: &Record) -> rusqlite::Result<()> {
    let changed = match record {
        Record::Customer(row) => to
            .prepare_cached(
                "INSERT INTO customer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET
                 group_id = excluded.group_id, profile = excluded.profile, visits = excluded.visits,
                 page_views = excluded.page_views",
            )?
            .execute(params![
                row.id,
                row.organization_id,
                row.created_at,
                row.group_id,
                text(&row.profile)?,
                row.visits,
                row.page_views
            ]),
        Record::Identity(row) => to
            .prepare_cached("INSERT OR REPLACE INTO identity VALUES (?1, ?2)")?
            .execute(params![row.cookie_id, row.secret]),
        Record::GroupIdentity(row) => to
            .prepare_cached("INSERT OR REPLACE INTO group_identity VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row.cookie_id, row.organization_id, row.group_id, row.customer_id]),
        Record::Token(row) => to
            .prepare_cached("INSERT OR REPLACE INTO token VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![row.token, row.customer_id, row.organization_id, row.client_id, row.expires_at]),
        Record::TokenGone(token) => to.prepare_cached("DELETE FROM token WHERE token = ?1")?.execute(params![token]),
        Record::Chat(row) => to
            .prepare_cached(
                "INSERT INTO chat VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET
                 group_ids = excluded.group_ids, properties = excluded.properties",
            )?
            .execute(params![
                row.id,
                row.organization_id,
                row.customer_id,
                row.created_at,
                text(&row.group_ids)?,
                text(&row.properties)?
            ]),
        Record::Member(row) => to
            .prepare_cached(
                "INSERT INTO member VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (chat_id, user_id) DO UPDATE SET
                 present = excluded.present, seen_up_to = excluded.seen_up_to",
            )?
            .execute(params![row.chat_id, row.user_id, row.agent, row.present, row.seen_up_to]),
        Record::Thread(row) => to
            .prepare_cached(
                "INSERT INTO thread VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET
                 active = excluded.active, user_ids = excluded.user_ids, properties = excluded.properties,
                 next_number = excluded.next_number, queue = excluded.queue",
            )?
            .execute(params![
                row.id,
                row.chat_id,
                row.created_at,
                row.active,
                text(&row.user_ids)?,
                text(&row.properties)?,
                row.next_number,
                text(&row.queue)?
            ]),
        Record::Event(row) => {
            to.prepare_cached("INSERT OR REPLACE INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
                row.thread_id,
                row.number,
                row.chat_id,
                row.created_at,
                row.agents_only,
                row.deleted,
                text(&row.body)?
            ])
        }
        Record::Group(row) => {
            to.prepare_cached("INSERT OR REPLACE INTO grp VALUES (?1, ?2)")?.execute(params![row.id, row.status])
        }
        note => notes::write(to, note),
    };
    changed.map(|_| ())
}
