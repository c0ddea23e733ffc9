//! A file with one growing stack of images, as HDF5: the set `/entry/data/data` of 16-bit counts, image, row, column.
//!
//! Its bytes follow the HDF5 File Format Specification 3.0: a superblock of version 0, object headers of version 1, and
//! contiguous data at the end of the file. The headers stand at fixed places before the data, and are written again
//! after every image: whoever opens the file finds what was announced, also while it grows and after a crash. A library
//! for the whole format costs a tenth of this program's compile time.

use std::fs::File;
use std::io::{Error, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const SIGNATURE: [u8; 8] = *b"\x89HDF\r\n\x1a\n";
/// "No address", in the format's words.
const UNDEFINED: u64 = u64::MAX;
/// Where the object headers begin: after the superblock.
const ROOT: u64 = 96;
const GROUP_BYTES: u64 = 128;
const ENTRY: u64 = ROOT + GROUP_BYTES;
const DATA_GROUP: u64 = ENTRY + GROUP_BYTES;
const DATASET: u64 = DATA_GROUP + GROUP_BYTES;
/// Where the images begin.
const IMAGES: u64 = 1024;

const DATASPACE: u16 = 0x01;
const LINK_INFO: u16 = 0x02;
const DATATYPE: u16 = 0x03;
const FILL_VALUE: u16 = 0x05;
const LINK: u16 = 0x06;
const LAYOUT: u16 = 0x08;
const GROUP_INFO: u16 = 0x0a;

/// An open file.
pub struct ImageFile {
    path: PathBuf,
    file: File,
    size: (usize, usize),
    images: u64,
}

impl ImageFile {
    /// Creates the file, or empties it, with no images in it.
    pub fn create(path: &Path) -> Result<Self, String> {
        let file = File::create(path).map_err(|error| told(path, &error))?;
        let mut new = Self { path: path.to_path_buf(), file, size: (0, 0), images: 0 };
        new.write_headers().map_err(|error| told(path, &error))?;
        Ok(new)
    }

    /// Adds an image; all images of a file have the size of the first.
    pub fn append(&mut self, width: usize, height: usize, pixels: &[u16]) -> Result<(), String> {
        if self.images == 0 {
            self.size = (width, height);
        } else if self.size != (width, height) {
            let (first, second) = self.size;
            return Err(format!("an image of {width} x {height} does not fit those of {first} x {second} before it"));
        }
        self.write_image(pixels).map_err(|error| told(&self.path, &error))
    }

    fn write_image(&mut self, pixels: &[u16]) -> Result<(), Error> {
        let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
        self.file.seek(SeekFrom::Start(IMAGES + self.bytes()))?;
        self.file.write_all(&bytes)?;
        self.images += 1;
        self.write_headers()
    }

    fn bytes(&self) -> u64 {
        self.images * (self.size.0 * self.size.1 * size_of::<u16>()) as u64
    }

    fn write_headers(&mut self) -> Result<(), Error> {
        let mut bytes = superblock(IMAGES + self.bytes());
        bytes.extend(group("entry", ENTRY));
        bytes.extend(group("data", DATA_GROUP));
        bytes.extend(group("data", DATASET));
        bytes.extend(self.dataset());
        bytes.resize(IMAGES as usize, 0);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&bytes)
    }

    fn dataset(&self) -> Vec<u8> {
        let (width, height) = self.size;
        let mut space = vec![1, 3, 0, 0, 0, 0, 0, 0];
        for length in [self.images, height as u64, width as u64] {
            space.extend(length.to_le_bytes());
        }
        // A fixed-point number, little-endian, unsigned, of two bytes and sixteen bits.
        let datatype = vec![0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 16, 0];
        // Allocated early, as contiguous data is, and never filled.
        let fill = vec![2, 1, 1, 0];
        let mut layout = vec![3, 1];
        let address = if self.images == 0 { UNDEFINED } else { IMAGES };
        layout.extend(address.to_le_bytes());
        layout.extend(self.bytes().to_le_bytes());
        header(&[(DATASPACE, space), (DATATYPE, datatype), (FILL_VALUE, fill), (LAYOUT, layout)])
    }
}

fn superblock(end: u64) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    // Versions of superblock, free space, root entry and shared headers are 0; addresses and lengths have 8 bytes.
    bytes.extend([0, 0, 0, 0, 0, 8, 8, 0]);
    // Sizes of the nodes of symbol tables, which this file has none of, and no flags.
    bytes.extend([4, 0, 16, 0, 0, 0, 0, 0]);
    for address in [0, UNDEFINED, end, UNDEFINED] {
        bytes.extend(address.to_le_bytes());
    }
    // The root group's entry: no name, its header, nothing cached.
    bytes.extend(0u64.to_le_bytes());
    bytes.extend(ROOT.to_le_bytes());
    bytes.extend([0; 24]);
    bytes
}

/// A group with one member.
fn group(name: &str, member: u64) -> Vec<u8> {
    let mut info = vec![0, 0];
    info.extend(UNDEFINED.to_le_bytes());
    info.extend(UNDEFINED.to_le_bytes());
    let mut link = vec![1, 0, name.len() as u8];
    link.extend(name.as_bytes());
    link.extend(member.to_le_bytes());
    let mut bytes = header(&[(LINK_INFO, info), (GROUP_INFO, vec![0, 0]), (LINK, link)]);
    bytes.resize(GROUP_BYTES as usize, 0);
    bytes
}

/// An object header of version 1 with its messages, each padded to 8 bytes.
fn header(messages: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, data) in messages {
        let length = data.len().next_multiple_of(8);
        body.extend(kind.to_le_bytes());
        body.extend((length as u16).to_le_bytes());
        body.extend([0; 4]);
        body.extend(data);
        body.resize(body.len() + length - data.len(), 0);
    }
    let mut bytes = vec![1, 0];
    bytes.extend((messages.len() as u16).to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(body);
    bytes
}

fn told(path: &Path, error: &Error) -> String {
    format!("{} can't be written: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headers_end_before_the_images() {
        let path = std::env::temp_dir().join(format!("cerulean-ioc-hdf5-{}.h5", std::process::id()));
        let mut file = ImageFile::create(&path).unwrap();
        file.append(3, 2, &[1, 2, 3, 4, 5, 6]).unwrap();
        assert!(file.append(2, 2, &[0; 4]).unwrap_err().contains("does not fit"));
        assert!(DATASET as usize + file.dataset().len() <= IMAGES as usize);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), IMAGES as usize + 12);
        assert_eq!(bytes[IMAGES as usize..][..4], [1, 0, 2, 0]);
        std::fs::remove_file(&path).unwrap();
    }
}
