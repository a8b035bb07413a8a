//! The file: one table a kind of row, written before anything is sent that depends on it.

use std::hash::{BuildHasher as _, Hasher as _};
use std::path::Path;

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};

use crate::brain::{ChatRow, Customer, EventRow, Group, GroupIdentity, Identity, Member, Record, ThreadRow, Token};

/// Goes up whenever a table changes; a file of another version is not touched.
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = "
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

/// An open file, or memory.
#[derive(Debug)]
pub(crate) struct Database(Connection);

impl Database {
    /// Opens the file, makes it and its folder if they are not there.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, String> {
        let name = path.map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string());
        let fail = |error: &dyn std::fmt::Display| format!("cannot open {name}: {error}");
        if let Some(folder) = path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| fail(&error))?;
        }
        let connection = path.map_or_else(Connection::open_in_memory, Connection::open);
        let connection = connection.map_err(|error| fail(&error))?;
        let database = Self(connection);
        database.prepare().map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                fail(&"it is locked, another server is using it (--db names another file, :memory: needs none)")
            }
            _ => fail(&error),
        })?;
        let version = database.version().map_err(|error| fail(&error))?;
        if version != SCHEMA_VERSION {
            return Err(fail(&format!(
                "it has schema version {version}, this server knows {SCHEMA_VERSION}; move the file away"
            )));
        }
        Ok(database)
    }

    fn version(&self) -> rusqlite::Result<i64> {
        self.0.query_row("PRAGMA user_version", [], |row| row.get(0))
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        // NORMAL survives the process being killed; only a power cut could lose the last moment. EXCLUSIVE keeps a
        // second server off the file: each would think itself the only one.
        self.0.execute_batch(
            "PRAGMA busy_timeout = 500; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE; COMMIT;",
        )?;
        if self.version()? == 0 {
            self.0.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"))?;
        }
        Ok(())
    }

    /// A seed no earlier life had: ids stay unique across restarts.
    pub(crate) fn seed(&self) -> Result<u64, String> {
        let random: i64 =
            self.0.query_row("SELECT random()", [], |row| row.get(0)).map_err(|error| error.to_string())?;
        let mut hasher = std::hash::RandomState::new().build_hasher();
        hasher.write_i64(random);
        Ok(hasher.finish())
    }

    /// Writes rows in one transaction.
    pub(crate) fn save(&mut self, records: &[Record]) -> rusqlite::Result<()> {
        let transaction = self.0.transaction()?;
        for record in records {
            write(&transaction, record)?;
        }
        transaction.commit()
    }

    /// Everything, in an order in which it can be taken back.
    pub(crate) fn load(&self) -> Result<Vec<Record>, String> {
        self.read_all().map_err(|error| format!("cannot read the database: {error}"))
    }

    fn read_all(&self) -> rusqlite::Result<Vec<Record>> {
        let mut records = Vec::new();
        self.read("SELECT * FROM grp ORDER BY id", &mut records, |row| {
            Ok(Record::Group(Group { id: row.get("id")?, status: row.get("status")? }))
        })?;
        self.read("SELECT * FROM customer ORDER BY rowid", &mut records, |row| {
            Ok(Record::Customer(Customer {
                id: row.get("id")?,
                organization_id: row.get("organization_id")?,
                created_at: row.get("created_at")?,
                group_id: row.get("group_id")?,
                profile: json(row, "profile")?,
                visits: row.get("visits")?,
                page_views: row.get("page_views")?,
            }))
        })?;
        self.read("SELECT * FROM identity ORDER BY rowid", &mut records, |row| {
            Ok(Record::Identity(Identity { cookie_id: row.get("cookie_id")?, secret: row.get("secret")? }))
        })?;
        self.read("SELECT * FROM group_identity ORDER BY rowid", &mut records, |row| {
            Ok(Record::GroupIdentity(GroupIdentity {
                cookie_id: row.get("cookie_id")?,
                organization_id: row.get("organization_id")?,
                group_id: row.get("group_id")?,
                customer_id: row.get("customer_id")?,
            }))
        })?;
        self.read("SELECT * FROM token ORDER BY rowid", &mut records, |row| {
            Ok(Record::Token(Token {
                token: row.get("token")?,
                customer_id: row.get("customer_id")?,
                organization_id: row.get("organization_id")?,
                client_id: row.get("client_id")?,
                expires_at: row.get("expires_at")?,
            }))
        })?;
        self.read("SELECT * FROM chat ORDER BY rowid", &mut records, |row| {
            Ok(Record::Chat(ChatRow {
                id: row.get("id")?,
                organization_id: row.get("organization_id")?,
                customer_id: row.get("customer_id")?,
                created_at: row.get("created_at")?,
                group_ids: json(row, "group_ids")?,
                properties: json::<Map<String, Value>>(row, "properties")?,
            }))
        })?;
        self.read("SELECT * FROM member ORDER BY rowid", &mut records, |row| {
            Ok(Record::Member(Member {
                chat_id: row.get("chat_id")?,
                user_id: row.get("user_id")?,
                agent: row.get("agent")?,
                present: row.get("present")?,
                seen_up_to: row.get("seen_up_to")?,
            }))
        })?;
        self.read("SELECT * FROM thread ORDER BY created_at, rowid", &mut records, |row| {
            Ok(Record::Thread(ThreadRow {
                id: row.get("id")?,
                chat_id: row.get("chat_id")?,
                created_at: row.get("created_at")?,
                active: row.get("active")?,
                user_ids: json(row, "user_ids")?,
                properties: json::<Map<String, Value>>(row, "properties")?,
                next_number: row.get("next_number")?,
            }))
        })?;
        self.read("SELECT * FROM event ORDER BY thread_id, number", &mut records, |row| {
            Ok(Record::Event(EventRow {
                chat_id: row.get("chat_id")?,
                thread_id: row.get("thread_id")?,
                number: row.get("number")?,
                created_at: row.get("created_at")?,
                agents_only: row.get("agents_only")?,
                deleted: row.get("deleted")?,
                body: json(row, "body")?,
            }))
        })?;
        Ok(records)
    }

    fn read(
        &self,
        query: &str,
        into: &mut Vec<Record>,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<Record>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare(query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            into.push(read(row)?);
        }
        Ok(())
    }
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

fn text(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Upserts keep the rowid, and with it the order in which things came.
fn write(to: &Connection, record: &Record) -> rusqlite::Result<()> {
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
                "INSERT INTO thread VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET
                 active = excluded.active, user_ids = excluded.user_ids, properties = excluded.properties,
                 next_number = excluded.next_number",
            )?
            .execute(params![
                row.id,
                row.chat_id,
                row.created_at,
                row.active,
                text(&row.user_ids)?,
                text(&row.properties)?,
                row.next_number
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
    };
    changed.map(|_| ())
}
