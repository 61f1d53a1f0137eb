//! Parts of a module, and what each of them adds to the compressed module.

use std::{fs, ops::Range};

use anyhow::{Context, Result};

use crate::weigh::{self, Weight};

/// Bytes of a module that are looked at together, in ascending order.
pub struct Part {
    pub what: String,
    pub bytes: Vec<Range<usize>>,
}

impl Part {
    pub fn len(&self) -> usize {
        self.bytes.iter().map(Range::len).sum()
    }

    fn cut_out_of(&self, module: &[u8]) -> Vec<u8> {
        let starts = [0]
            .into_iter()
            .chain(self.bytes.iter().map(|range| range.end));
        let ends = self
            .bytes
            .iter()
            .map(|range| range.start)
            .chain([module.len()]);
        starts
            .zip(ends)
            .flat_map(|(start, end)| &module[start..end])
            .copied()
            .collect()
    }
}

/// How many bytes smaller a compressed module is without a part. Texts compress one another, so that the shares of all
/// parts together are less than the module, and that of a small part can be negative.
#[derive(Debug)]
pub struct Savings {
    pub gzip: isize,
    pub brotli: isize,
}

/// One a part, in their order.
pub fn savings(module: &[u8], parts: &[Part]) -> Result<Vec<Savings>> {
    let folder = tempfile::tempdir().context("no folder for temporary files")?;
    let mut paths = Vec::new();
    let rests = parts.iter().map(|part| part.cut_out_of(module));
    for (number, content) in [module.to_vec()].into_iter().chain(rests).enumerate() {
        let path = folder.path().join(number.to_string());
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        paths.push(path);
    }
    let weights = weigh::files(paths)?;
    let (whole, rests) = weights.split_first().context("nothing was weighed")?;
    Ok(rests.iter().map(|rest| saved(whole, rest)).collect())
}

fn saved(whole: &Weight, rest: &Weight) -> Savings {
    let difference = |whole: usize, rest: usize| whole.cast_signed() - rest.cast_signed();
    Savings {
        gzip: difference(whole.gzip, rest.gzip),
        brotli: difference(whole.brotli, rest.brotli),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::single_range_in_vec_init)]

    use super::*;

    fn part(bytes: &[Range<usize>]) -> Part {
        Part {
            what: "part".into(),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn cuts_out_what_belongs_to_the_part_and_nothing_else() {
        let cut = |ranges: &[Range<usize>]| {
            String::from_utf8(part(ranges).cut_out_of(b"abcdefgh")).unwrap()
        };
        assert_eq!(cut(&[]), "abcdefgh");
        assert_eq!(cut(&[0..2, 4..5, 5..6]), "cdgh");
        assert_eq!(cut(&[3..8]), "abc");
        assert_eq!(part(&[0..2, 4..5]).len(), 3);
    }

    #[test]
    fn what_does_not_compress_costs_its_length_and_a_repetition_next_to_nothing() {
        let mut random = incompressible(1);
        let mut module: Vec<u8> = (0..1000).map(|_| random()).collect();
        module.extend_from_within(..500);
        let savings = savings(&module, &[part(&[500..1000]), part(&[1000..1500])]).unwrap();
        let (unique, repeated) = (&savings[0], &savings[1]);
        assert!((480..520).contains(&unique.brotli), "{savings:?}");
        assert!(repeated.brotli < 50 && repeated.gzip < 100, "{savings:?}");
    }

    /// A linear congruential generator's.
    fn incompressible(mut state: u32) -> impl FnMut() -> u8 {
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }
    }
}
