//! Decoding a picture and encoding it anew: what is not picture, such as a script behind the header or the place where it
//! was taken, does not come through.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::fs::File;
use std::io::{BufReader, Cursor};

/// Of what is kept.
const MAX_SIDE: u32 = 512;
/// Of what is decoded, against pictures that are small as a file and large in memory.
const MAX_DECODED_SIDE: u32 = 8192;
const MAX_DECODED_BYTES: u64 = 40 * 1024 * 1024;
const JPEG_QUALITY: u8 = 85;

#[derive(Clone, Copy)]
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

    pub fn with_ending(ending: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png]
            .into_iter()
            .find(|kind| kind.ending() == ending)
    }
}

/// The picture in `file`, as a PNG if it may be transparent and else as a JPEG; `None` if there is none, or a too large one.
pub fn anew(file: File) -> Option<(Kind, Vec<u8>)> {
    let picture = decode(file)?;
    let fits = picture.width() <= MAX_SIDE && picture.height() <= MAX_SIDE;
    let picture = if fits {
        picture
    } else {
        picture.thumbnail(MAX_SIDE, MAX_SIDE)
    };
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

fn decode(file: File) -> Option<DynamicImage> {
    let reader = ImageReader::new(BufReader::new(file));
    let mut decoder = reader.with_guessed_format().ok()?.into_decoder().ok()?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_DECODED_SIDE);
    limits.max_image_height = Some(MAX_DECODED_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    decoder.set_limits(limits).ok()?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    Some(picture)
}
