#include "capture/attribution/name_pool.h"

#include "core/base/assert.h"

namespace sporvakt::capture {

NamePool::~NamePool() {
    SPORVAKT_ASSERT(names_.empty());
}

NamePool::Name NamePool::take(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    auto known = names_.find(text);
    if (known == names_.end()) {
        known = names_.emplace(std::string(text), Use{this, 0}).first;
        cost_ += cost_of(text);
    }
    return Name(*known);
}

void NamePool::release(Names::value_type& entry) {
    if (--entry.second.count == 0) {
        cost_ -= cost_of(entry.first);
        names_.erase(names_.find(entry.first));
    }
}

}  // namespace sporvakt::capture
