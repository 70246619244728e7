#include "dns/message/answer_facts.h"

#include "core/base/domain_name.h"
#include "core/base/ip_address.h"
#include "dns/message/inside_address.h"

#include <algorithm>
#include <utility>

namespace sporvakt::dns {

void Targets::add_name(std::string_view text) {
    if (auto name = DomainName::from_text(text)) {
        names_.push_back(name->text());
    }
}

Parsed<void> Targets::add_address(Bytes bytes) {
    const IpAddress address = SPORVAKT_TRY(IpAddress::from_bytes(bytes));
    leads_inside_ = leads_inside_ || is_inside_address(address);
    addresses_.push_back(address.text());
    return {};
}

Parsed<std::vector<std::string>> Targets::take_all() {
    names_.insert(names_.end(), std::make_move_iterator(addresses_.begin()),
                  std::make_move_iterator(addresses_.end()));
    if (names_.size() > kTargetsMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return std::move(names_);
}

std::chrono::seconds lifetime_of(const LifetimeFacts& facts) {
    constexpr std::chrono::seconds kNotKept{0};
    const bool denies = facts.rcode == static_cast<unsigned>(Rcode::NxDomain);
    if (facts.rcode != static_cast<unsigned>(Rcode::NoError) && !denies) {
        return kNotKept;
    }
    if (!denies && facts.answers_type) {
        return facts.least_answer_ttl;
    }
    return std::min(
        {facts.least_answer_ttl, facts.negative.value_or(kNotKept), kNegativeLifetimeMax});
}

}  // namespace sporvakt::dns
