#include "firmware/shared_bytes.h"

#include "core/base/file_descriptor.h"

#include <sys/mman.h>

namespace sporvakt::firmware {

Result<SharedBytes> SharedBytes::create(std::size_t length) {
    void* const memory =
        ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return system_failure("cannot get memory that the roles share");
    }
    return SharedBytes(static_cast<std::uint8_t*>(memory), length);
}

void SharedBytes::Unmap::operator()(std::uint8_t* memory) const {
    ::munmap(memory, length);
}

}  // namespace sporvakt::firmware
