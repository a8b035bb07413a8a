//! Rows beside the chats, kept as JSON, and the bytes of files.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{json, text};
use crate::brain::Record;

pub(super) const SCHEMA: &str = "
ALTER TABLE thread ADD COLUMN queue TEXT NOT NULL DEFAULT 'null';
CREATE TABLE note (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT;
CREATE TABLE bytes (id TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
";

pub(super) const ALL: &str = "SELECT body FROM note ORDER BY rowid";

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    json(row, "body")
}

/// Every kind that is kept here, with its key.
fn key(record: &Record) -> Option<(&'static str, String)> {
    Some(match record {
        Record::Upload(row) => ("upload", row.id.clone()),
        Record::Greeting(row) => ("greeting", row.unique_id.clone()),
        Record::Ban(row) => ("ban", row.customer_id.clone()),
        Record::GoalCheck(row) => ("goal_check", row.number.to_string()),
        Record::Verification(row) => ("verification", row.customer_id.clone()),
        Record::Setting(row) => ("setting", row.key.clone()),
        _ => return None,
    })
}

pub(super) fn write(to: &Connection, record: &Record) -> rusqlite::Result<usize> {
    match record {
        Record::Bytes(id, content) => {
            to.prepare_cached("INSERT OR REPLACE INTO bytes VALUES (?1, ?2)")?.execute(params![id, content])
        }
        Record::UploadGone(id) => {
            to.prepare_cached("DELETE FROM bytes WHERE id = ?1")?.execute(params![id])?;
            remove(to, "upload", id)
        }
        Record::BanGone(customer) => remove(to, "ban", customer),
        kept => match key(kept) {
            Some((kind, id)) => to
                .prepare_cached(
                    "INSERT INTO note VALUES (?1, ?2, ?3) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                )?
                .execute(params![kind, id, text(kept)?]),
            // Every other kind has a table of its own.
            None => Ok(0),
        },
    }
}

fn remove(from: &Connection, kind: &str, id: &str) -> rusqlite::Result<usize> {
    from.prepare_cached("DELETE FROM note WHERE kind = ?1 AND id = ?2")?.execute(params![kind, id])
}

/// The bytes of an upload.
pub(super) fn bytes(from: &Connection, id: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    from.prepare_cached("SELECT content FROM bytes WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()
}
