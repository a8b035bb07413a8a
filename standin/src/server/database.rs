//! The file: one table a kind of row, written before anything is sent that depends on it.

use std::hash::{BuildHasher as _, Hasher as _};
use std::path::Path;

use rusqlite::{Connection, Row};

use crate::brain::Record;

mod chats;
mod notes;

/// What makes each version of the file out of the one before; a file of a later version is not touched.
const SCHEMAS: &[&str] = &[chats::SCHEMA, notes::SCHEMA];

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
        let known = SCHEMAS.len();
        if usize::try_from(version).ok() != Some(known) {
            return Err(fail(&format!(
                "it has schema version {version}, this server knows {known}; move the file away"
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
        for (version, schema) in (1_i64..).zip(SCHEMAS) {
            if self.version()? < version {
                self.0.execute_batch(&format!("BEGIN; {schema} PRAGMA user_version = {version}; COMMIT;"))?;
            }
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
            chats::write(&transaction, record)?;
        }
        transaction.commit()
    }

    /// The bytes of an uploaded file.
    pub(crate) fn bytes(&self, id: &str) -> rusqlite::Result<Option<Vec<u8>>> {
        notes::bytes(&self.0, id)
    }

    /// Everything, in an order in which it can be taken back.
    pub(crate) fn load(&self) -> Result<Vec<Record>, String> {
        self.read_all().map_err(|error| format!("cannot read the database: {error}"))
    }

    fn read_all(&self) -> rusqlite::Result<Vec<Record>> {
        let mut records = Vec::new();
        for (query, read) in chats::TABLES {
            self.read(query, &mut records, read)?;
        }
        self.read(notes::ALL, &mut records, notes::record)?;
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

#[cfg(test)]
mod tests {
    use super::{Database, chats};
    use crate::brain::{Record, Setting, Upload};

    #[test]
    fn a_file_of_the_first_version_is_taken_over() {
        let path = std::env::temp_dir().join(format!("standin-upgrade-{}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let old = rusqlite::Connection::open(&path).expect("a file");
        old.execute_batch(&format!("{} PRAGMA user_version = 1;", chats::SCHEMA)).expect("the first schema");
        old.execute_batch("INSERT INTO chat VALUES ('C', 'o', 'me', 1, '[0]', '{}')").expect("a chat");
        old.execute_batch("INSERT INTO thread VALUES ('T', 'C', 1, 1, '[\"me\"]', '{}', 1)").expect("a thread");
        drop(old);
        let records = Database::open(Some(&path)).and_then(|database| database.load());
        let _ = std::fs::remove_file(&path);
        let records = records.expect("the file is taken over");
        assert!(matches!(&records[..], [Record::Chat(_), Record::Thread(thread)] if thread.queue.is_none()));
    }

    #[test]
    fn notes_and_bytes_come_back_and_go() {
        let mut database = Database::open(None).expect("memory");
        let upload = Upload {
            id: "u".to_owned(),
            url: "http://x/files/u/a".to_owned(),
            organization_id: "o".to_owned(),
            owner_id: "me".to_owned(),
            name: "a".to_owned(),
            content_type: "image/png".to_owned(),
            size: 3,
            dimensions: Some((1, 2)),
            created_at: 7,
            is_used: true,
        };
        let setting = |value: u64| Record::Setting(Setting { key: "k".to_owned(), value: value.into() });
        let kept = [setting(1), Record::Upload(upload.clone()), Record::Bytes("u".to_owned(), vec![0, 1, 255])];
        database.save(&kept).expect("saved");
        database.save(&[setting(2)]).expect("saved");
        assert_eq!(database.load().expect("read"), [setting(2), Record::Upload(upload)]);
        assert_eq!(database.bytes("u").expect("read"), Some(vec![0, 1, 255]));
        database.save(&[Record::UploadGone("u".to_owned())]).expect("removed");
        assert_eq!(database.bytes("u").expect("read"), None);
        assert_eq!(database.load().expect("read"), [setting(2)]);
    }
}
