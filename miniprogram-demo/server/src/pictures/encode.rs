//! Decoding a picture and encoding it anew: what is not picture, such as a script behind the header or the place where it
//! was taken, does not come through.

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};

/// Of what is kept.
const MAX_SIDE: u32 = 512;
/// Of what is decoded, against pictures that are small as a file and large in memory.
const MAX_DECODED_SIDE: u32 = 8192;
const MAX_DECODED_BYTES: u64 = 40 * 1024 * 1024;
/// The decoder keeps the coefficients of a progressive JPEG, of two bytes each, beside its pixels.
const COPIES_IF_PROGRESSIVE: u64 = 3;
const JPEG_QUALITY: u8 = 85;

const START_OF_JPEG: [u8; 2] = [0xff, 0xd8];
const PROGRESSIVE_FRAME: u8 = 0xc2;
const START_OF_SCAN: u8 = 0xda;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
}

impl Kind {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Of bytes that `anew` has made.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match image::guess_format(bytes).ok()? {
            ImageFormat::Jpeg => Some(Self::Jpeg),
            ImageFormat::Png => Some(Self::Png),
            _ => None,
        }
    }

    pub fn with_ending(ending: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png]
            .into_iter()
            .find(|kind| kind.ending() == ending)
    }
}

/// The picture in `file`, as a PNG if it may be transparent and else as a JPEG; `None` if there is none, or a too large one.
pub fn anew(file: File) -> Option<(Kind, Vec<u8>)> {
    let (picture, orientation) = decode(file)?;
    let fits = picture.width() <= MAX_SIDE && picture.height() <= MAX_SIDE;
    let mut picture = if fits {
        picture
    } else {
        picture.thumbnail(MAX_SIDE, MAX_SIDE)
    };
    // Only now, for turning a picture takes its memory a second time.
    picture.apply_orientation(orientation);
    let mut bytes = Cursor::new(Vec::new());
    if picture.color().has_alpha() {
        let picture = DynamicImage::from(picture.into_rgba8());
        picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
        Some((Kind::Png, bytes.into_inner()))
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        picture.into_rgb8().write_with_encoder(encoder).ok()?;
        Some((Kind::Jpeg, bytes.into_inner()))
    }
}

fn decode(mut file: File) -> Option<(DynamicImage, Orientation)> {
    let copies = if is_progressive_jpeg(&mut file)? {
        COPIES_IF_PROGRESSIVE
    } else {
        1
    };
    let reader = ImageReader::new(BufReader::new(file));
    let mut decoder = reader.with_guessed_format().ok()?.into_decoder().ok()?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_DECODED_SIDE);
    limits.max_image_height = Some(MAX_DECODED_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    decoder.set_limits(limits).ok()?;
    if decoder.total_bytes() > MAX_DECODED_BYTES / copies {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    Some((picture, orientation))
}

/// `None` if the file cannot be read. Afterwards it is at its beginning again.
fn is_progressive_jpeg(file: &mut File) -> Option<bool> {
    let is_progressive = has_progressive_frame(&mut BufReader::new(&mut *file));
    file.rewind().ok()?;
    Some(is_progressive == Some(true))
}

/// Whether there is one before the first scan; `None` if this is no JPEG or a broken one.
fn has_progressive_frame(file: &mut BufReader<&mut File>) -> Option<bool> {
    let mut start = [0; 2];
    file.read_exact(&mut start).ok()?;
    if start != START_OF_JPEG {
        return None;
    }
    loop {
        match next_marker(file)? {
            PROGRESSIVE_FRAME => return Some(true),
            START_OF_SCAN => return Some(false),
            // These have no length.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => skip_segment(file)?,
        }
    }
}

/// A marker follows an 0xff, of which there may be several. Decoders skip what is between the segments.
fn next_marker(file: &mut BufReader<&mut File>) -> Option<u8> {
    let mut byte = [0; 1];
    while byte[0] != 0xff {
        file.read_exact(&mut byte).ok()?;
    }
    while byte[0] == 0xff {
        file.read_exact(&mut byte).ok()?;
    }
    Some(byte[0])
}

fn skip_segment(file: &mut BufReader<&mut File>) -> Option<()> {
    let mut length = [0; 2];
    file.read_exact(&mut length).ok()?;
    // The length counts its own two bytes.
    let rest = i64::from(u16::from_be_bytes(length)) - 2;
    file.seek_relative(rest.max(0)).ok()
}
