//! Where a run's decisions come from: a seed, or a list of choices that is worked through in every combination.

/// The one source of everything in a run that could have gone differently.
pub enum Chance {
    Seed(fastrand::Rng),
    Every(Choices),
}

impl Chance {
    pub fn from_seed(seed: u64) -> Self {
        Chance::Seed(fastrand::Rng::with_seed(seed))
    }

    /// One of `0..count`.
    pub fn pick(&mut self, count: usize) -> usize {
        match self {
            Chance::Seed(random) => random.usize(..count),
            Chance::Every(choices) => choices.next(count),
        }
    }

    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.pick(list.len())]
    }

    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        match self {
            Chance::Seed(random) => random.u64(low..=high),
            Chance::Every(_) => low,
        }
    }

    /// True in `percent` of the cases of a seeded run, never in an exhaustive one.
    pub fn odds(&mut self, percent: u64) -> bool {
        match self {
            Chance::Seed(random) => random.u64(..100) < percent,
            Chance::Every(_) => false,
        }
    }
}

/// The choices of one run, and the way to those of the next: depth first, through all of them.
#[derive(Default)]
pub struct Choices {
    made: Vec<(usize, usize)>,
    at: usize,
}

impl Choices {
    fn next(&mut self, count: usize) -> usize {
        if self.at == self.made.len() {
            self.made.push((0, count));
        }
        let (chosen, of) = self.made[self.at];
        assert_eq!(of, count, "the run is not deterministic");
        self.at += 1;
        chosen
    }

    /// The same choices once more.
    pub fn again(self) -> Self {
        Choices { at: 0, ..self }
    }

    /// The choices of the next run; `None` after the last.
    pub fn successor(mut self) -> Option<Self> {
        while let Some((chosen, of)) = self.made.pop() {
            if chosen + 1 < of {
                self.made.push((chosen + 1, of));
                self.at = 0;
                return Some(self);
            }
        }
        None
    }
}

#[test]
fn every_combination_comes_once() {
    let mut seen = Vec::new();
    let mut next = Some(Choices::default());
    while let Some(choices) = next {
        let mut chance = Chance::Every(choices);
        let first = chance.pick(2);
        let second = if first == 0 { chance.pick(3) } else { 9 };
        seen.push((first, second));
        let Chance::Every(choices) = chance else {
            unreachable!()
        };
        next = choices.successor();
    }
    assert_eq!(seen, [(0, 0), (0, 1), (0, 2), (1, 9)]);
}
