//! Prints the SSIMULACRA2 score of each pair of PNG files: `score REFERENCE DISTORTED …`.

use fast_ssim2::{PixelDescriptor, PixelSlice, compute_ssimulacra2};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    for pair in paths.chunks_exact(2) {
        let reference = image::open(&pair[0])?.to_rgb8();
        let distorted = image::open(&pair[1])?.to_rgb8();
        let slice = |picture: &'static image::RgbImage| {
            let (width, height) = picture.dimensions();
            PixelSlice::new(picture.as_raw(), width, height, width as usize * 3, PixelDescriptor::RGB8_SRGB)
        };
        // Two pictures at a time, in a program that ends at once: nothing is lost by keeping them.
        let (reference, distorted) = (Box::leak(Box::new(reference)), Box::leak(Box::new(distorted)));
        println!("{:.2}", compute_ssimulacra2(&slice(reference)?, &slice(distorted)?)?);
    }
    Ok(())
}
