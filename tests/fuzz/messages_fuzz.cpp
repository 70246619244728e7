#include "firmware/messages.h"

#include "core/base/assert.h"

#include <cstddef>
#include <cstdint>

// What is taken for a message is the same bytes when it is written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const sporvakt::Bytes bytes(data, size);
    if (const auto message = sporvakt::firmware::decode(bytes)) {
        const auto again = sporvakt::firmware::encode(*message);
        SPORVAKT_ASSERT(sporvakt::as_text(again) == sporvakt::as_text(bytes));
    }
    return 0;
}
