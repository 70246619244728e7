#include "firmware/shared_block.h"

#include <new>

namespace sporvakt::firmware {

std::string_view role_name(Role role) {
    constexpr std::array<std::string_view, kRoleCount> kNames{"keeper", "resolver", "sniffer",
                                                              "gate", "web"};
    return kNames.at(static_cast<std::size_t>(role));
}

Result<SharedBlock> SharedBlock::create() {
    SharedBytes memory = SPORVAKT_TRY(SharedBytes::create(sizeof(SharedState)));
    auto* const state = new (memory.bytes().data()) SharedState;
    return SharedBlock(std::move(memory), state);
}

}  // namespace sporvakt::firmware
