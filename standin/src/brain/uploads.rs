//! Files: uploading them (§2.10), sending them (§4.1), forgetting those that nobody sent (§1.7).

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::record::{EventRow, Record, Upload};
use super::requests::Caller;
use super::time::SECOND;
use super::{Brain, HttpRequest, Micros, Output, media, multipart};

/// §1.7.
pub(crate) const UPLOAD_LIMIT: usize = 10 * 1024 * 1024;
/// §1.7: how long a file may wait for the event that names it.
const UNUSED_FOR: Micros = 24 * 3600 * SECOND;
/// Names are cut behind so many bytes.
const NAME_LIMIT: usize = 200;

/// Where uploads are served, below the server's own address.
const PLACE: &str = "/files/";

impl Brain {
    /// §2.10.
    pub(crate) fn upload_file(&mut self, caller: &Caller, request: &HttpRequest) -> Result<Value, ApiError> {
        // The form around a file is small.
        if request.body.len() > UPLOAD_LIMIT + 4096 {
            return Err(ApiError::of("entity_too_large"));
        }
        let part = multipart::file(request.get("content-type").unwrap_or_default(), &request.body, "file");
        let part = part.ok_or_else(|| ApiError::validation("a form with a file in its part `file` is required"))?;
        let upload =
            self.keep_file(&caller.organization, &caller.customer, &part.filename, part.content_type, part.bytes)?;
        Ok(json!({ "url": upload.url }))
    }

    /// Takes a file in. The shell gets its bytes; the brain keeps what is to be known about it.
    pub(crate) fn keep_file(
        &mut self,
        organization: &str,
        owner: &str,
        name: &str,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Upload, ApiError> {
        if bytes.len() > UPLOAD_LIMIT {
            return Err(ApiError::of("entity_too_large"));
        }
        let name = plain_name(name);
        if media::is_program(&name, bytes) {
            return Err(ApiError::validation("`file` must not be an executable"));
        }
        let (content_type, dimensions) = match media::image(bytes) {
            Some((kind, dimensions)) => (kind.to_owned(), dimensions),
            None => (declared(content_type), None),
        };
        let id = self.random.secret();
        let upload = Upload {
            url: format!("{}{PLACE}{id}/{}", self.config.base_url, encode(&name)),
            id: id.clone(),
            organization_id: organization.to_owned(),
            owner_id: owner.to_owned(),
            name,
            content_type,
            size: bytes.len() as u64,
            dimensions,
            created_at: self.now,
            is_used: false,
        };
        self.out.push_back(Output::Save(Record::Bytes(id, bytes.to_vec())));
        self.commit(Record::Upload(upload.clone()));
        Ok(upload)
    }

    /// What is to be known about an upload, for whoever serves its bytes.
    #[must_use]
    pub fn upload(&self, id: &str) -> Option<&Upload> {
        self.world.uploads.get(id)
    }

    fn upload_at(&self, url: &str) -> Option<&Upload> {
        let id = url.strip_prefix(self.config.base_url.as_str())?.strip_prefix(PLACE)?.split_once('/')?.0;
        self.upload(id).filter(|upload| upload.url == url)
    }

    /// Writes into a `file` event what the platform adds to it. `false` if its address was not given out here.
    pub(crate) fn describe_file(&self, organization: &str, body: &mut Map<String, Value>) -> bool {
        let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
        let Some(upload) = self.upload_at(url).filter(|upload| upload.organization_id == organization) else {
            return false;
        };
        for field in ["width", "height", "thumbnail_url", "thumbnail2x_url"] {
            body.shift_remove(field);
        }
        let told = [("name", json!(upload.name)), ("content_type", json!(upload.content_type))];
        body.extend(told.map(|(field, value)| (field.to_owned(), value)));
        body.insert("size".to_owned(), json!(upload.size));
        if let Some((width, height)) = upload.dimensions {
            let thumbnail = |size: u32| json!(format!("{}?size={size}", upload.url));
            let told = [
                ("width", json!(width)),
                ("height", json!(height)),
                ("thumbnail_url", thumbnail(300)),
                ("thumbnail2x_url", thumbnail(600)),
            ];
            body.extend(told.map(|(field, value)| (field.to_owned(), value)));
        } else {
            body.shift_remove("alternative_text");
        }
        true
    }

    /// A file that an event names stays for good.
    pub(crate) fn claim_file(&mut self, event: &EventRow) {
        let url = event.text("url").filter(|_| event.text("type") == Some("file"));
        if let Some(upload) = url.and_then(|url| self.upload_at(url)).filter(|upload| !upload.is_used) {
            let upload = Upload { is_used: true, ..upload.clone() };
            self.commit(Record::Upload(upload));
        }
    }

    /// When the next unused file goes.
    pub(crate) fn file_deadline(&self) -> Option<Micros> {
        let unused = self.world.uploads.values().filter(|upload| !upload.is_used);
        unused.map(|upload| upload.created_at + UNUSED_FOR).min()
    }

    pub(crate) fn forget_files(&mut self) {
        if self.file_deadline().is_none_or(|at| at > self.now) {
            return;
        }
        let over = |upload: &&Upload| !upload.is_used && upload.created_at + UNUSED_FOR <= self.now;
        let over: Vec<String> = self.world.uploads.values().filter(over).map(|upload| upload.id.clone()).collect();
        for id in over {
            self.commit(Record::UploadGone(id));
        }
    }
}

/// A name without folders and control characters, of bearable length.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut name: String = last.chars().filter(|char| !char.is_control()).collect::<String>().trim().to_owned();
    if name.len() > NAME_LIMIT {
        // The ending says what it is, so the middle goes.
        let ending: String = name.rsplit_once('.').map_or("", |(_, ending)| ending).chars().take(10).collect();
        let end = (0..=NAME_LIMIT - 50).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default();
        name.truncate(end);
        name = format!("{name}….{ending}").trim_end_matches('.').to_owned();
    }
    if matches!(name.as_str(), "" | "." | "..") { "file".to_owned() } else { name }
}

/// What the sender says it is, if that can be. An image is known by its bytes, never by its sender's word.
fn declared(content_type: Option<&str>) -> String {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    let fits = kind.len() <= 100 && kind.split_once('/').is_some_and(|(a, b)| a != "image" && token(a) && token(b));
    if fits { kind } else { "application/octet-stream".to_owned() }
}

/// Percent-encoding for one step of a path.
fn encode(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
