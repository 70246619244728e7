#include "firmware/shared_block.h"

#include "core/base/file_descriptor.h"

#include <new>

#include <sys/mman.h>

namespace sporvakt::firmware {

std::string_view role_name(Role role) {
    constexpr std::array<std::string_view, kRoleCount> kNames{"keeper", "resolver", "sniffer",
                                                              "web"};
    return kNames.at(static_cast<std::size_t>(role));
}

Result<SharedBlock> SharedBlock::create() {
    void* const memory = ::mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return system_failure("cannot get memory that the roles share");
    }
    return SharedBlock(new (memory) SharedState);
}

void SharedBlock::Unmap::operator()(SharedState* state) const {
    state->~SharedState();
    ::munmap(state, sizeof(SharedState));
}

}  // namespace sporvakt::firmware
