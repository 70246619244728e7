#pragma once

/* Put in front of civetweb.c by the compiler (webui/CMakeLists.txt): what a client announces can
   not make it take more than this at once. */

#include <stdlib.h>

enum { kCivetwebAllocationMax = 1024 * 1024 };

static inline void* bounded_malloc(size_t size) {
    return size > kCivetwebAllocationMax ? NULL : malloc(size);
}

#define malloc bounded_malloc
