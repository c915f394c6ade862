//! The memory of JavaScript: its limits, and nothing large any more once the brake is pulled.
//!
//! QuickJS looks at the brake every ten thousand calls or turns of a loop. A loop around something that takes a hundredth of a
//! second (JSON, BigInt, long texts) would go on for minutes; without memory each of these fails at once.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ptr::null_mut,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rquickjs::allocator::Allocator;

use crate::{limits, vm::Brake};

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

/// The memory of one session's JavaScript. One thread at a time allocates from it.
#[derive(Clone, Debug, Default)]
pub struct Heap(Arc<Used>);

#[derive(Debug, Default)]
struct Used {
    bytes: AtomicUsize,
    exhausted: AtomicBool,
}

impl Heap {
    /// Bytes that JavaScript may still take of its own limit.
    pub fn left_bytes(&self) -> usize {
        limits::MEMORY_BYTES.saturating_sub(self.0.bytes.load(Ordering::Relaxed))
    }

    /// Whether not even a small piece was left at some moment since this was last asked.
    pub fn take_exhausted(&self) -> bool {
        self.0.exhausted.swap(false, Ordering::Relaxed)
    }

    fn add(&self, size: usize) {
        self.0.bytes.store(self.0.bytes.load(Ordering::Relaxed).saturating_add(size), Ordering::Relaxed);
    }

    fn subtract(&self, size: usize) {
        self.0.bytes.store(self.0.bytes.load(Ordering::Relaxed).saturating_sub(size), Ordering::Relaxed);
    }
}

pub struct Braked {
    pub brake: Brake,
    pub heap: Heap,
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
    /// Whether there is room for a piece of this size that takes so many bytes more than before.
    ///
    /// With no memory left QuickJS cannot make the error that nothing catches, and author code would catch what comes in its
    /// place; so there is a little more once the brake is pulled, in small pieces.
    fn has_room(&self, size: usize, more: usize) -> bool {
        let stopped = self.brake.is_pulled();
        if stopped && size > SMALL_BYTES {
            return false;
        }
        let limit = limits::MEMORY_BYTES + if stopped { limits::LAST_BYTES } else { 0 };
        let room = self.heap.0.bytes.load(Ordering::Relaxed).saturating_add(more) <= limit && self.memory.has_room(size);
        if !room && size <= SMALL_BYTES {
            self.heap.0.exhausted.store(true, Ordering::Relaxed);
        }
        room
    }

    fn given(&self, size: usize) {
        self.heap.add(size);
        self.memory.used_bytes.fetch_add(size, Ordering::Relaxed);
    }

    fn taken_back(&self, size: usize) {
        self.heap.subtract(size);
        self.memory.used_bytes.fetch_sub(size, Ordering::Relaxed);
    }

    fn allocate(&self, size: usize, with: unsafe fn(&System, Layout) -> *mut u8) -> *mut u8 {
        if size == 0 || !self.has_room(size, size.saturating_add(HEADER_BYTES)) {
            return null_mut();
        }
        let Some(layout) = layout(size) else { return null_mut() };
        // SAFETY: the layout is not empty, and it is the one of `size`.
        #[allow(unsafe_code)]
        let piece = unsafe { headed(with(&System, layout), size) };
        if !piece.is_null() {
            self.given(size + HEADER_BYTES);
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
            self.taken_back(size + HEADER_BYTES);
            System.dealloc(piece.sub(HEADER_BYTES), Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES));
        }
    }

    unsafe fn realloc(&mut self, piece: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: `piece` came from here, so its header says its layout; the new size was checked by making a layout of it.
        unsafe {
            let size = Self::usable_size(piece);
            let Some(wanted) = layout(new_size) else { return null_mut() };
            if new_size > size && !self.has_room(new_size, new_size - size) {
                return null_mut();
            }
            let old = Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES);
            let moved = headed(System.realloc(piece.sub(HEADER_BYTES), old, wanted.size()), new_size);
            if !moved.is_null() {
                self.given(new_size);
                self.taken_back(size);
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
