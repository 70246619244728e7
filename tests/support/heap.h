#pragma once

#include <cstddef>

#include <malloc.h>

#include <CppUTest/TestHarness.h>

namespace sporvakt::test {

/// Bytes that this process has from the allocator now, of all threads: what was asked for, rounded
/// up as the allocator does, and what it maps.  0 under a sanitizer, which has its own.
inline std::size_t heap_in_use() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// While it lives, allocations are the product's own: CppUTest adds to each what it knows of it.
/// What is allocated meanwhile must be freed before it ends.
class UnwatchedHeap {
public:
    UnwatchedHeap() { MemoryLeakWarningPlugin::saveAndDisableNewDeleteOverloads(); }
    UnwatchedHeap(const UnwatchedHeap&) = delete;
    UnwatchedHeap& operator=(const UnwatchedHeap&) = delete;
    UnwatchedHeap(UnwatchedHeap&&) = delete;
    UnwatchedHeap& operator=(UnwatchedHeap&&) = delete;
    ~UnwatchedHeap() { MemoryLeakWarningPlugin::restoreNewDeleteOverloads(); }
};

/// The most that a part of a test took beyond what was in use before it.
class HeapPeak {
public:
    void look() {
        const std::size_t now = heap_in_use();
        peak_ = now > peak_ ? now : peak_;
    }
    [[nodiscard]] std::size_t bytes() const { return peak_ > before_ ? peak_ - before_ : 0; }

private:
    std::size_t before_ = heap_in_use();
    std::size_t peak_ = before_;
};

}  // namespace sporvakt::test
