#include "core/ledger/live_rows.h"
#include "core/ledger/order_message.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using sporvakt::Bytes;
using namespace sporvakt::ledger;

void check_order(Bytes bytes) {
    const auto order = parse_order(bytes);
    if (order) {
        const auto again = encode(*order);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
            std::abort();
        }
    }
}

void check_rows(Bytes bytes) {
    const auto rows = parse_changed_rows(bytes);
    if (!rows || rows->rows.empty()) {
        return;
    }
    // Circumstances may have been written in another order, so the rows are compared.
    std::vector<ChangedRow> again;
    for (const auto& message : encode(rows->rows, RowsMeaning::More)) {
        const auto parsed = parse_changed_rows(message);
        if (!parsed) {
            std::abort();
        }
        again.insert(again.end(), parsed->rows.begin(), parsed->rows.end());
    }
    LiveRows live;
    if (again != rows->rows || !live.apply(bytes)) {
        std::abort();
    }
}

}  // namespace

/// The first byte says which message the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const Bytes message(data + 1, size - 1);
    if (data[0] == 0) {
        check_order(message);
    } else {
        check_rows(message);
    }
    return 0;
}
