//! The memory of JavaScript: nothing large any more once the brake is pulled.
//!
//! QuickJS looks at the brake every ten thousand calls or turns of a loop. A loop around something that takes a hundredth of a
//! second (JSON, BigInt, long texts) would go on for minutes; without memory each of these fails at once.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ptr::null_mut,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rquickjs::allocator::Allocator;

use crate::vm::Brake;

/// A piece that is given even then: QuickJS has to be able to say that it was interrupted, in an error that nothing catches.
const SMALL_BYTES: usize = 16 * 1024;

/// What stands before each piece of memory: its size. As large as the strictest alignment.
const HEADER_BYTES: usize = 16;

/// JavaScript's memory of sessions that share a limit, such as those of one account.
#[derive(Debug)]
pub struct Memory {
    used_bytes: AtomicUsize,
    limit_bytes: usize,
}

impl Memory {
    pub fn new(limit_bytes: usize) -> Arc<Self> {
        Arc::new(Self { used_bytes: AtomicUsize::new(0), limit_bytes })
    }

    pub fn used_bytes(&self) -> usize {
        self.used_bytes.load(Ordering::Relaxed)
    }

    /// Small pieces are given beyond the limit, too: they are few, and without them no error could be told.
    fn has_room(&self, size: usize) -> bool {
        size <= SMALL_BYTES || self.used_bytes().saturating_add(size) <= self.limit_bytes
    }
}

pub struct Braked {
    pub brake: Brake,
    pub memory: Arc<Memory>,
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER_BYTES)?, HEADER_BYTES).ok()
}

/// Writes the size and gives what comes after it.
///
/// # Safety
/// `start` is null or the begin of memory with the layout of `size`.
#[allow(unsafe_code)]
unsafe fn headed(start: *mut u8, size: usize) -> *mut u8 {
    if start.is_null() {
        return null_mut();
    }
    // SAFETY: the header is inside the memory and aligned.
    unsafe {
        start.cast::<usize>().write(size);
        start.add(HEADER_BYTES)
    }
}

impl Braked {
    fn refuses(&self, size: usize) -> bool {
        size > SMALL_BYTES && self.brake.is_pulled()
    }

    fn allocate(&self, size: usize, with: unsafe fn(&System, Layout) -> *mut u8) -> *mut u8 {
        if size == 0 || self.refuses(size) || !self.memory.has_room(size) {
            return null_mut();
        }
        let Some(layout) = layout(size) else { return null_mut() };
        // SAFETY: the layout is not empty, and it is the one of `size`.
        #[allow(unsafe_code)]
        let piece = unsafe { headed(with(&System, layout), size) };
        if !piece.is_null() {
            self.memory.used_bytes.fetch_add(size + HEADER_BYTES, Ordering::Relaxed);
        }
        piece
    }
}

// SAFETY: pieces are disjoint, aligned to 16 and as long as their header says; a failure is null and leaves what was there.
#[allow(unsafe_code)]
unsafe impl Allocator for Braked {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        self.allocate(size, <System as GlobalAlloc>::alloc)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        count.checked_mul(size).map_or(null_mut(), |size| self.allocate(size, <System as GlobalAlloc>::alloc_zeroed))
    }

    unsafe fn dealloc(&mut self, piece: *mut u8) {
        // SAFETY: `piece` came from here, so its header says its layout.
        unsafe {
            let size = Self::usable_size(piece);
            self.memory.used_bytes.fetch_sub(size + HEADER_BYTES, Ordering::Relaxed);
            System.dealloc(piece.sub(HEADER_BYTES), Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES));
        }
    }

    unsafe fn realloc(&mut self, piece: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: `piece` came from here, so its header says its layout; the new size was checked by making a layout of it.
        unsafe {
            let size = Self::usable_size(piece);
            let Some(wanted) = layout(new_size) else { return null_mut() };
            if new_size > size && (self.refuses(new_size) || !self.memory.has_room(new_size)) {
                return null_mut();
            }
            let old = Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES);
            let moved = headed(System.realloc(piece.sub(HEADER_BYTES), old, wanted.size()), new_size);
            if !moved.is_null() {
                self.memory.used_bytes.fetch_add(new_size, Ordering::Relaxed);
                self.memory.used_bytes.fetch_sub(size, Ordering::Relaxed);
            }
            moved
        }
    }

    unsafe fn usable_size(piece: *mut u8) -> usize {
        // SAFETY: `piece` came from here and has a header before it.
        unsafe { piece.sub(HEADER_BYTES).cast::<usize>().read() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Instant, Now, Output, Session, testing};

    const NOW: Now = Now { monotonic: Instant(0), utc_ms: 0 };

    #[test]
    fn sessions_that_share_a_limit_have_it_together() {
        let memory = Memory::new(10 * 1024 * 1024);
        let script = "var kept = 'x'.repeat(6000000); Logger.write('has it');";
        let ran = |memory: &Arc<Memory>| {
            let mut session = Session::new(testing::profile(script), Arc::new(std::collections::BTreeMap::new())).sharing(memory.clone());
            session.handle(NOW, Input::Start);
            let logged = std::iter::from_fn(|| session.poll()).any(|output| output == Output::Log("has it".to_owned()));
            (session, logged)
        };
        let (first, had_it) = ran(&memory);
        assert!(had_it && memory.used_bytes() > 6_000_000);
        assert!(!ran(&memory).1);
        drop(first);
        assert_eq!(memory.used_bytes(), 0);
        assert!(ran(&memory).1);
    }
}
