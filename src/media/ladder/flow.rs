//! A JPEG on its way through the ladder. One thread decodes; the other makes the rows that come smaller, rung after
//! rung, and compresses them, so that most of both is done when the last row is there.

use crate::domain::rendition::{Preset, QUICK_JPEG, Recipe, Shape, WEBP};
use crate::media::MediaError;
use crate::media::colour::{self, Conversion};
use crate::media::decode::jpeg::Opened;
use crate::media::encode::{JpegRows, WebpRows};
use crate::media::orient;
use crate::media::raster::{Model, Picture, Raster, Samples};
use crate::media::resize::{self, RowScaler};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// Pieces of rows that may wait; with them the two threads are never far apart.
const WAITING_PIECES: usize = 8;

/// Rows of the largest picture that are handed down at once.
const PIECE_ROWS: usize = 64;

/// The pictures that the orders are made of: the largest is whole, those below it may still be growing.
pub struct Flow {
    pub largest: Arc<Picture>,
    /// Of the original, before any orientation.
    pub full: (u32, u32),
    /// Of the original, as people name it.
    pub colour_space: String,
    /// Where a rung is as large as the largest picture, and is ordered as WebP.
    pub webp: Option<WebpRows>,
    below: Below,
}

/// What a flow ends in.
pub struct Pictures {
    /// The largest first.
    pub pictures: Vec<Arc<Picture>>,
    pub begun: Begun,
}

/// JPEG encoders that have seen all of their picture, by the name of the rung.
pub struct Begun(Vec<(&'static str, JpegRows)>);

impl Begun {
    pub fn take(&mut self, rung: &str) -> Option<JpegRows> {
        let place = self.0.iter().position(|(name, _)| *name == rung)?;
        Some(self.0.swap_remove(place).1)
    }
}

impl Flow {
    pub fn of(picture: Picture, full: (u32, u32), colour_space: String) -> Self {
        Self { largest: Arc::new(picture), full, colour_space, webp: None, below: Below::default() }
    }

    /// Makes what is left of the smaller pictures.
    pub fn finish(self) -> Result<Pictures, MediaError> {
        let Self { largest, mut below, .. } = self;
        while below.take_piece(&largest)? {}
        let mut pictures = vec![largest];
        let mut begun: Vec<_> = below.jpeg.into_iter().collect();
        for stage in below.stages {
            let Picture { width, height, .. } = stage.picture;
            if stage.picture.pixels.len() != width as usize * height as usize * 3 {
                return Err(MediaError::damaged("rows are missing"));
            }
            pictures.push(Arc::new(stage.picture));
            begun.extend(stage.jpeg);
        }
        Ok(Pictures { pictures, begun: Begun(begun) })
    }
}

/// Decodes a JPEG into the pictures that the orders are made of.
pub fn jpeg(
    opened: &Opened<'_>,
    needed_scale: &dyn Fn(u32, u32) -> f64,
    orientation: u8,
    orders: &[(&'static Preset, Vec<&'static Recipe>)],
) -> Result<Flow, MediaError> {
    let full = (opened.width, opened.height);
    let working = resize::scaled(full.0, full.1, needed_scale(full.0, full.1));
    // A picture that lies on its side is turned when it is whole; the rungs are made after that.
    let is_turned = matches!(orientation, 2..=8);
    let mut below = if is_turned { Below::default() } else { Below::new(full, working, orders)? };
    let begins_webp = |(preset, recipes): &(&Preset, Vec<&Recipe>)| {
        !is_turned && recipes.contains(&&WEBP) && size_of(preset, full) == Some(working)
    };
    let webp = orders.first().is_some_and(begins_webp);
    let mut first = First {
        webp: webp.then(|| WebpRows::new(working.0, working.1)).transpose()?,
        scaler: RowScaler::new(opened.decoded_size(), working, opened.model),
        conversion: Conversion::new(opened.model, false, opened.icc_profile.as_deref()),
        model: opened.model,
    };
    let colour_space = colour::name(opened.model, opened.icc_profile.as_deref(), "image/jpeg");
    let pixels = Vec::with_capacity(working.0 as usize * working.1 as usize * 3);
    let mut largest = Picture { width: working.0, height: working.1, has_alpha: false, pixels };
    let (sender, receiver) = sync_channel(WAITING_PIECES);
    let mut decoded = Ok(());
    let mut made = Ok(());
    rayon::in_place_scope(|scope| {
        let decoded = &mut decoded;
        // When nobody listens any more, the reason is told at the other end.
        scope.spawn(move |_| *decoded = opened.decode(|rows| sender.send(rows).is_ok()));
        made = take_rows(receiver, &mut first, &mut largest, &mut below);
    });
    decoded?;
    made?;
    if largest.pixels.len() != working.0 as usize * working.1 as usize * 3 {
        return Err(MediaError::damaged("rows are missing"));
    }
    let largest = Arc::new(orient::upright(largest, orientation));
    Ok(Flow { largest, full, colour_space, webp: first.webp, below })
}

/// The size of a rung that shows the whole picture.
pub fn size_of(preset: &Preset, full: (u32, u32)) -> Option<(u32, u32)> {
    match preset.shape {
        Shape::LongEdge(pixels) => Some(resize::fitted(full.0, full.1, pixels)),
        _ => None,
    }
}

/// The decoder is never kept waiting: the smaller pictures grow while no row is there. The receiver ends with this
/// function, so that a decoder that still wants to hand over rows is told so.
fn take_rows(
    receiver: Receiver<Vec<u8>>,
    first: &mut First,
    largest: &mut Picture,
    below: &mut Below,
) -> Result<(), MediaError> {
    loop {
        let rows = match receiver.try_recv() {
            Ok(rows) => rows,
            Err(TryRecvError::Disconnected) => return Ok(()),
            Err(TryRecvError::Empty) if below.take_piece(largest)? => continue,
            Err(TryRecvError::Empty) => match receiver.recv() {
                Ok(rows) => rows,
                Err(_) => return Ok(()),
            },
        };
        first.make(&rows, largest)?;
    }
}

/// From the decoder's rows to those of the largest picture, in sRGB.
struct First {
    scaler: RowScaler,
    conversion: Conversion,
    model: Model,
    webp: Option<WebpRows>,
}

impl First {
    fn make(&mut self, rows: &[u8], largest: &mut Picture) -> Result<(), MediaError> {
        let mut samples = Vec::new();
        self.scaler.push(rows, &mut samples)?;
        let width = largest.width;
        let height = (samples.len() / (width as usize * self.model.channels())) as u32;
        if height > 0 {
            let raster = Raster { width, height, model: self.model, samples: Samples::U8(samples) };
            let rows = self.conversion.convert(raster).pixels;
            if let Some(webp) = &mut self.webp {
                webp.push(&rows)?;
            }
            largest.pixels.extend_from_slice(&rows);
        }
        Ok(())
    }
}

/// What is made of the largest picture while that grows.
#[derive(Default)]
struct Below {
    /// Bytes of the largest picture that were looked at.
    taken: usize,
    /// The largest picture's own encoder.
    jpeg: Option<(&'static str, JpegRows)>,
    stages: Vec<Stage>,
}

/// A smaller picture that grows downwards.
struct Stage {
    /// From the next larger one.
    scaler: RowScaler,
    picture: Picture,
    jpeg: Option<(&'static str, JpegRows)>,
}

impl Below {
    /// A stage for each rung that is smaller than the one before.
    fn new(
        full: (u32, u32),
        working: (u32, u32),
        rungs: &[(&'static Preset, Vec<&'static Recipe>)],
    ) -> Result<Self, MediaError> {
        let mut below = Self::default();
        let mut above = working;
        for (preset, recipes) in rungs {
            let Some(size) = size_of(preset, full) else { continue };
            if size != above {
                let pixels = Vec::with_capacity(size.0 as usize * size.1 as usize * 3);
                below.stages.push(Stage {
                    scaler: RowScaler::new(above, size, Model::Rgb),
                    picture: Picture { width: size.0, height: size.1, has_alpha: false, pixels },
                    jpeg: None,
                });
                above = size;
            }
            let jpeg = below.stages.last_mut().map_or(&mut below.jpeg, |stage| &mut stage.jpeg);
            if jpeg.is_none() && recipes.contains(&&QUICK_JPEG) {
                *jpeg = Some((preset.name, JpegRows::new(size.0, size.1)?));
            }
        }
        Ok(below)
    }

    /// Takes some rows of the largest picture that were not taken yet; whether there were any.
    fn take_piece(&mut self, largest: &Picture) -> Result<bool, MediaError> {
        let piece_bytes = PIECE_ROWS * largest.width as usize * largest.channels();
        let end = (self.taken + piece_bytes).min(largest.pixels.len());
        let rows = largest.pixels.get(self.taken..end).unwrap_or_default();
        if rows.is_empty() || (self.jpeg.is_none() && self.stages.is_empty()) {
            return Ok(false);
        }
        self.taken = end;
        if let Some((_, jpeg)) = &mut self.jpeg {
            jpeg.push(rows)?;
        }
        hand_down(rows, &mut self.stages)?;
        Ok(true)
    }
}

/// Gives rows to the first of the pictures, and what they make possible to those below.
fn hand_down(rows: &[u8], stages: &mut [Stage]) -> Result<(), MediaError> {
    let Some((stage, smaller)) = stages.split_first_mut() else { return Ok(()) };
    let start = stage.picture.pixels.len();
    stage.scaler.push(rows, &mut stage.picture.pixels)?;
    let made = stage.picture.pixels.get(start..).unwrap_or_default();
    if made.is_empty() {
        return Ok(());
    }
    if let Some((_, jpeg)) = &mut stage.jpeg {
        jpeg.push(made)?;
    }
    hand_down(made, smaller)
}
