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

/// What stands before each piece of memory. Its size is a multiple of the strictest alignment.
#[repr(C, align(16))]
struct Header {
    /// Bytes after the header.
    size: usize,
    /// The pieces of the same allocator that were made before and after this one, in no lasting order.
    older: *mut Header,
    newer: *mut Header,
}

const HEADER_BYTES: usize = size_of::<Header>();

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
        self.0.exhausted.load(Ordering::Relaxed) && self.0.exhausted.swap(false, Ordering::Relaxed)
    }

    fn add(&self, size: usize) {
        self.0.bytes.store(self.0.bytes.load(Ordering::Relaxed).saturating_add(size), Ordering::Relaxed);
    }

    fn subtract(&self, size: usize) {
        self.0.bytes.store(self.0.bytes.load(Ordering::Relaxed).saturating_sub(size), Ordering::Relaxed);
    }
}

/// An allocator of a runtime. What the runtime left when it ended goes with it.
pub struct Braked {
    brake: Brake,
    heap: Heap,
    memory: Arc<Memory>,
    newest: *mut Header,
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER_BYTES)?, align_of::<Header>()).ok()
}

impl Braked {
    pub fn new(brake: Brake, heap: Heap, memory: Arc<Memory>) -> Self {
        Self { brake, heap, memory, newest: null_mut() }
    }

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

    /// Writes the header of a piece and gives what comes after it.
    ///
    /// # Safety
    /// `header` is the begin of memory with the layout of `size`, which is in no list.
    #[allow(unsafe_code)]
    unsafe fn link(&mut self, header: *mut Header, size: usize) -> *mut u8 {
        // SAFETY: the header is inside the memory and aligned, and the newest piece is alive.
        unsafe {
            header.write(Header { size, older: self.newest, newer: null_mut() });
            if !self.newest.is_null() {
                (*self.newest).newer = header;
            }
            self.newest = header;
            header.add(1).cast()
        }
    }

    /// Takes a piece out of the list.
    ///
    /// # Safety
    /// `header` is in the list.
    #[allow(unsafe_code)]
    unsafe fn unlink(&mut self, header: *mut Header) {
        // SAFETY: the neighbours of a piece in the list are in the list, so they are alive.
        unsafe {
            let Header { older, newer, .. } = *header;
            if !older.is_null() {
                (*older).newer = newer;
            }
            if newer.is_null() {
                self.newest = older;
            } else {
                (*newer).older = older;
            }
        }
    }

    fn allocate(&mut self, size: usize, with: unsafe fn(&System, Layout) -> *mut u8) -> *mut u8 {
        if size == 0 || !self.has_room(size, size.saturating_add(HEADER_BYTES)) {
            return null_mut();
        }
        let Some(layout) = layout(size) else { return null_mut() };
        // SAFETY: the layout is not empty, and it is the one of `size`.
        #[allow(unsafe_code)]
        unsafe {
            let header = with(&System, layout).cast::<Header>();
            if header.is_null() {
                return null_mut();
            }
            self.given(size + HEADER_BYTES);
            self.link(header, size)
        }
    }

    /// # Safety
    /// `header` is in the list and is not used again.
    #[allow(unsafe_code)]
    unsafe fn free(&mut self, header: *mut Header) {
        // SAFETY: the header says the size that its memory was made for.
        unsafe {
            let size = (*header).size;
            self.unlink(header);
            self.taken_back(size + HEADER_BYTES);
            System.dealloc(header.cast(), Layout::from_size_align_unchecked(size + HEADER_BYTES, align_of::<Header>()));
        }
    }
}

impl Drop for Braked {
    fn drop(&mut self) {
        while !self.newest.is_null() {
            // SAFETY: the newest piece is in the list, and the runtime that used it is gone.
            #[allow(unsafe_code)]
            unsafe {
                self.free(self.newest);
            }
        }
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
        // SAFETY: `piece` came from here, so it has a header before it that is in the list.
        unsafe { self.free(piece.cast::<Header>().sub(1)) }
    }

    unsafe fn realloc(&mut self, piece: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: `piece` came from here, so its header says its layout; the new size was checked by making a layout of it. The
        // piece is in the list before and after, wherever it lies.
        unsafe {
            let size = Self::usable_size(piece);
            let Some(wanted) = layout(new_size) else { return null_mut() };
            if new_size > size && !self.has_room(new_size, new_size - size) {
                return null_mut();
            }
            let header = piece.cast::<Header>().sub(1);
            let old = Layout::from_size_align_unchecked(size + HEADER_BYTES, align_of::<Header>());
            self.unlink(header);
            let moved = System.realloc(header.cast(), old, wanted.size()).cast::<Header>();
            if moved.is_null() {
                self.link(header, size);
                return null_mut();
            }
            self.given(new_size);
            self.taken_back(size);
            self.link(moved, new_size)
        }
    }

    unsafe fn usable_size(piece: *mut u8) -> usize {
        // SAFETY: `piece` came from here and has a header before it.
        unsafe { (*piece.cast::<Header>().sub(1)).size }
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
