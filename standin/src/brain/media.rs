//! What a file is, by its first bytes. Files come from anybody: nothing here trusts a length or an offset in them.

/// An image that browsers show: its type, and its width and height if they can be read.
pub(crate) fn image(bytes: &[u8]) -> Option<(&'static str, Option<(u32, u32)>)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(("image/png", png(bytes)))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(("image/jpeg", jpeg(bytes)))
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(("image/gif", gif(bytes)))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        // §4.1 names dimensions for the other three only.
        Some(("image/webp", None))
    } else {
        None
    }
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    let side = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    sides(side(16)?, side(20)?)
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes);
    sides(side(6)?.into(), side(8)?.into())
}

/// Walks the segments to the first frame header.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes);
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            // A fill byte.
            0xff => at += 1,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => at += 2,
            // The picture's data, or its end, and no frame header before it.
            0xd9 | 0xda => return None,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return sides(short(at + 7)?.into(), short(at + 5)?.into());
            }
            _ => at += 2 + usize::from(short(at + 2)?.max(2)),
        }
    }
}

fn sides(width: u32, height: u32) -> Option<(u32, u32)> {
    (width > 0 && height > 0).then_some((width, height))
}

/// Endings of programs and scripts that a double click starts.
const PROGRAMS: &[&str] = &[
    "apk", "app", "bash", "bat", "cmd", "com", "command", "cpl", "csh", "deb", "dll", "dmg", "elf", "exe", "hta",
    "jar", "js", "jse", "ksh", "lnk", "msc", "msi", "msp", "pif", "pkg", "ps1", "psm1", "reg", "rpm", "run", "scr",
    "sh", "sys", "vb", "vbe", "vbs", "wsf", "wsh", "zsh",
];

/// First bytes of programs: Windows, Linux, macOS (and Java), Android, scripts.
const MAGIC: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"#!",
];

/// Whether a file is a program, by its name or by its first bytes.
pub(crate) fn is_program(name: &str, bytes: &[u8]) -> bool {
    // Windows drops dots and blanks at the end of a name.
    let ending = name.trim_end_matches(['.', ' ']).rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| PROGRAMS.contains(&ending.as_str()))
        || MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

#[cfg(test)]
mod tests {
    use super::{image, is_program};

    const GIF: &[u8] = b"GIF89a\x03\x00\x02\x00\x80\x00\x00";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01\x00\x00\x00\x00\x80\x08\x06";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xff\xc2\x00\x11\x08\x00\x07\x00\x09\x03";

    #[test]
    fn dimensions_are_read_from_the_head() {
        assert_eq!(image(GIF), Some(("image/gif", Some((3, 2)))));
        assert_eq!(image(PNG), Some(("image/png", Some((256, 128)))));
        assert_eq!(image(JPEG), Some(("image/jpeg", Some((9, 7)))));
        assert_eq!(image(b"RIFF\x00\x00\x00\x00WEBPVP8 "), Some(("image/webp", None)));
        assert_eq!(image(b"<svg onload=alert(1)>"), None);
    }

    #[test]
    fn no_cut_and_no_change_of_a_byte_makes_it_panic() {
        for whole in [GIF, PNG, JPEG] {
            for end in 0..whole.len() {
                let _ = image(whole.get(..end).unwrap_or_default());
                for byte in [0x00, 0x01, 0xc0, 0xda, 0xff] {
                    let mut bent = whole.to_vec();
                    bent[end] = byte;
                    let _ = image(&bent);
                }
            }
        }
        let endless = [&b"\xff\xd8\xff"[..], &[0xff; 1000]].concat();
        assert_eq!(image(&endless), Some(("image/jpeg", None)));
        let nothing = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x00\x00\x00\x00\x80";
        assert_eq!(image(nothing), Some(("image/png", None)));
    }

    #[test]
    fn programs_are_known_by_name_and_by_bytes() {
        for name in ["setup.EXE", "a.tar.sh", "run.bat. .", "x.js"] {
            assert!(is_program(name, b""), "{name}");
        }
        for bytes in [&b"MZ\x90"[..], b"\x7fELF\x02", b"#!/bin/sh", b"\xca\xfe\xba\xbe"] {
            assert!(is_program("photo.png", bytes), "{bytes:?}");
        }
        assert!(!is_program("notes.txt", b"hello") && !is_program("exe", b"") && !is_program("photo.png", PNG));
    }
}
