#include "core/store/key_range.h"

#include <algorithm>

namespace sporvakt::store {

KeyRange KeyRange::all() {
    return {};
}

KeyRange KeyRange::prefix(Bytes bytes) {
    KeyRange range;
    range.from.assign(bytes.begin(), bytes.end());
    // The first key after all of them: the prefix plus one, as a number.  0xff carries over.
    std::vector<std::uint8_t> end = range.from;
    while (!end.empty() && end.back() == 0xff) {
        end.pop_back();
    }
    if (!end.empty()) {
        ++end.back();
        range.to = std::move(end);
    }
    return range;
}

bool KeyRange::is_before_end(Bytes key) const {
    return !to || std::lexicographical_compare(key.begin(), key.end(), to->begin(), to->end());
}

}  // namespace sporvakt::store
