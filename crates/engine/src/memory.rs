//! The memory of JavaScript: nothing large any more once the brake is pulled.
//!
//! QuickJS looks at the brake every ten thousand calls or turns of a loop. A loop around something that takes a hundredth of a
//! second (JSON, BigInt, long texts) would go on for minutes; without memory each of these fails at once.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ptr::null_mut,
};

use rquickjs::allocator::Allocator;

use crate::vm::Brake;

/// A piece that is given even then: QuickJS has to be able to say that it was interrupted, in an error that nothing catches.
const SMALL_BYTES: usize = 16 * 1024;

/// What stands before each piece of memory: its size. As large as the strictest alignment.
const HEADER_BYTES: usize = 16;

pub struct Braked(pub Brake);

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
        size > SMALL_BYTES && self.0.is_pulled()
    }

    fn allocate(&self, size: usize, with: unsafe fn(&System, Layout) -> *mut u8) -> *mut u8 {
        if size == 0 || self.refuses(size) {
            return null_mut();
        }
        let Some(layout) = layout(size) else { return null_mut() };
        // SAFETY: the layout is not empty, and it is the one of `size`.
        #[allow(unsafe_code)]
        unsafe {
            headed(with(&System, layout), size)
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
        // SAFETY: `piece` came from here, so its header says its layout.
        unsafe {
            let size = Self::usable_size(piece);
            System.dealloc(piece.sub(HEADER_BYTES), Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES));
        }
    }

    unsafe fn realloc(&mut self, piece: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: `piece` came from here, so its header says its layout; the new size was checked by making a layout of it.
        unsafe {
            let size = Self::usable_size(piece);
            let Some(wanted) = layout(new_size) else { return null_mut() };
            if new_size > size && self.refuses(new_size) {
                return null_mut();
            }
            let old = Layout::from_size_align_unchecked(size + HEADER_BYTES, HEADER_BYTES);
            headed(System.realloc(piece.sub(HEADER_BYTES), old, wanted.size()), new_size)
        }
    }

    unsafe fn usable_size(piece: *mut u8) -> usize {
        // SAFETY: `piece` came from here and has a header before it.
        unsafe { piece.sub(HEADER_BYTES).cast::<usize>().read() }
    }
}
