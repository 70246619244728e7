#include "core/ledger/batch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const sporvakt::Bytes bytes(data, size);
    const auto batch = sporvakt::ledger::parse_batch(bytes);
    if (batch) {
        // There is one way to write a batch: what was accepted is written back the same.
        const auto again = sporvakt::ledger::encode(*batch);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
            std::abort();
        }
    }
    return 0;
}
