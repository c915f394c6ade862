//! When to come back.

use std::collections::BTreeSet;

use cordboard_now::Instant;

/// Moments in their order, each for one thing. Whoever sets one keeps it, and gives it back to change or drop it, so that
/// nothing stays behind for a thing that is gone.
#[derive(Debug)]
pub(crate) struct Deadlines<K>(BTreeSet<(Instant, K)>);

impl<K: Ord + Copy> Deadlines<K> {
    pub fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// Replaces what was set for `key`.
    pub fn set(&mut self, key: K, from: &mut Option<Instant>, to: Option<Instant>) {
        if *from == to {
            return;
        }
        if let Some(at) = from.take() {
            self.0.remove(&(at, key));
        }
        if let Some(at) = to {
            self.0.insert((at, key));
        }
        *from = to;
    }

    pub fn first(&self) -> Option<(Instant, K)> {
        self.0.first().copied()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_nothing_stays_behind() {
        let mut deadlines = Deadlines::new();
        let (mut a, mut b) = (None, None);
        deadlines.set('a', &mut a, Some(Instant(5)));
        deadlines.set('b', &mut b, Some(Instant(3)));
        assert_eq!(deadlines.first(), Some((Instant(3), 'b')));
        deadlines.set('b', &mut b, Some(Instant(9)));
        assert_eq!(deadlines.first(), Some((Instant(5), 'a')));
        deadlines.set('a', &mut a, None);
        deadlines.set('b', &mut b, None);
        assert_eq!((deadlines.first(), deadlines.len(), a, b), (None, 0, None, None));
    }
}
