//! Frames between the two processes: a length on eight octets (little endian), then the octets.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

pub(crate) fn write(to: &mut impl Write, content: &[u8]) -> io::Result<()> {
    to.write_all(&(content.len() as u64).to_le_bytes())?;
    to.write_all(content)
}

/// Reads a frame of at most `limit` octets; memory grows with what comes, never with what is announced.
pub(crate) fn read(from: &mut impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame of {length} octets")));
    }
    let mut content = Vec::new();
    if from.take(length).read_to_end(&mut content)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(content)
}

pub(crate) fn write_json(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    write(to, &serde_json::to_vec(value)?)
}

pub(crate) fn read_json<T: DeserializeOwned>(from: &mut impl Read, limit: u64) -> io::Result<T> {
    Ok(serde_json::from_slice(&read(from, limit)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back() {
        let mut wire = Vec::new();
        write(&mut wire, b"un").unwrap();
        write(&mut wire, b"").unwrap();
        let mut wire = wire.as_slice();
        assert_eq!(read(&mut wire, 2).unwrap(), b"un");
        assert_eq!(read(&mut wire, 2).unwrap(), b"");
        assert!(read(&mut wire, 2).is_err());
    }

    #[test]
    fn a_frame_over_the_limit_or_cut_is_refused() {
        let mut wire = Vec::new();
        write(&mut wire, b"trois").unwrap();
        assert!(read(&mut wire.as_slice(), 4).is_err());
        assert!(read(&mut wire.split_last().unwrap().1, 5).is_err());
    }
}
