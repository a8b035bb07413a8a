//! Uploaded files: served so that nothing in them can run here.

use std::io::Cursor;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use image::{ImageFormat, ImageReader, Limits};
use serde::Deserialize;

use super::routes::Site;
use crate::brain::Upload;

/// Pictures beyond this are shown as they are: a small file can claim to be a huge picture.
const SIDE_LIMIT: u32 = 12_000;
const MEMORY_LIMIT: u64 = 256 * 1024 * 1024;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    size: Option<u32>,
}

/// A file by its id; the name behind it is for people.
pub(crate) async fn serve(
    State(site): State<Arc<Site>>,
    Path((id, _)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some((upload, bytes)) = site.engine.file(id).await else {
        return (StatusCode::NOT_FOUND, "not found\n").into_response();
    };
    let is_image = upload.content_type.starts_with("image/");
    let (kind, bytes) = match wanted.size {
        Some(side @ (300 | 600)) if is_image => {
            let kind = upload.content_type.clone();
            let small = tokio::task::spawn_blocking(move || thumbnail(kind, bytes, side)).await;
            small.unwrap_or_else(|_| ("application/octet-stream".to_owned(), Vec::new()))
        }
        _ => (upload.content_type.clone(), bytes),
    };
    let mut response = bytes.into_response();
    // Browsers run nothing of an image; everything else is saved, not shown, and has no type they could act on.
    let kind = if is_image { &kind } else { "application/octet-stream" };
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, &disposition(&upload, is_image)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (header::CACHE_CONTROL, "private, max-age=86400"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn disposition(upload: &Upload, is_image: bool) -> String {
    let encoded = upload.url.rsplit('/').next().unwrap_or_default();
    format!("{}; filename*=UTF-8''{encoded}", if is_image { "inline" } else { "attachment" })
}

/// The picture no larger than that, or as it is if it is small enough or cannot be read.
fn thumbnail(kind: String, bytes: Vec<u8>, side: u32) -> (String, Vec<u8>) {
    match shrunk(&kind, &bytes, side) {
        Some((format, small)) => (format.to_mime_type().to_owned(), small),
        None => (kind, bytes),
    }
}

fn shrunk(kind: &str, bytes: &[u8], side: u32) -> Option<(ImageFormat, Vec<u8>)> {
    let format = ImageFormat::from_mime_type(kind)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MEMORY_LIMIT);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let image = reader.decode().ok()?;
    if image.width().max(image.height()) <= side {
        return None;
    }
    let small = image.thumbnail(side, side);
    // Photos stay photos; everything else may have transparent parts.
    let (format, small) = match format {
        ImageFormat::Jpeg => (ImageFormat::Jpeg, small.into_rgb8().into()),
        _ => (ImageFormat::Png, small),
    };
    let mut out = Cursor::new(Vec::new());
    image::DynamicImage::write_to(&small, &mut out, format).ok()?;
    Some((format, out.into_inner()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat};

    use super::thumbnail;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        assert!(DynamicImage::new_rgb8(width, height).write_to(&mut out, format).is_ok());
        out.into_inner()
    }

    #[test]
    fn a_large_picture_shrinks_and_a_small_one_stays() {
        for (format, kind) in [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")] {
            let (shown, bytes) = thumbnail(kind.to_owned(), picture(900, 30, format), 300);
            let small = image::load_from_memory(&bytes).map(|small| (small.width(), small.height()));
            assert_eq!((shown.as_str(), small.ok()), (kind, Some((300, 10))));
            let original = picture(200, 30, format);
            assert_eq!(thumbnail(kind.to_owned(), original.clone(), 300), (kind.to_owned(), original));
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_on_as_it_is() {
        let mut whole = picture(900, 900, ImageFormat::Png);
        whole.truncate(60);
        assert_eq!(thumbnail("image/png".to_owned(), whole.clone(), 300).1, whole);
        // A header that claims 60000 × 60000.
        let mut bomb = picture(900, 900, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert_eq!(thumbnail("image/png".to_owned(), bomb.clone(), 300).1, bomb);
    }
}
