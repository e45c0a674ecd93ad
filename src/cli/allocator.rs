//! How the C library's allocator behaves in a process that runs for months.
//!
//! As it comes, glibc keeps an arena of its own for every other thread and raises the size from which memory goes back
//! to the system with each large block that is freed: after a few uploads a server holds tens of megabytes that
//! nothing uses. musl has neither habit.

#![expect(unsafe_code, reason = "mallopt is a C function")]

/// Blocks from this size on are mapped on their own and go back to the system when they are freed; bytes.
const MAPPED_FROM: i32 = 1024 * 1024;
/// Free memory at the end of the heap that is kept; bytes.
const KEPT: i32 = 4 * 1024 * 1024;
/// Heaps that threads share.
const ARENAS: i32 = 2;

/// To be called once, before any thread is started.
pub fn return_what_is_free() {
    #[cfg(target_env = "gnu")]
    for (option, value) in
        [(libc::M_MMAP_THRESHOLD, MAPPED_FROM), (libc::M_TRIM_THRESHOLD, KEPT), (libc::M_ARENA_MAX, ARENAS)]
    {
        // SAFETY: takes two numbers and changes the allocator's settings; no other thread runs yet.
        // An option that is refused leaves the default, which is slower to give back and otherwise as good.
        unsafe { libc::mallopt(option, value) };
    }
}
