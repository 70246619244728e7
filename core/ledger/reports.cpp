#include "core/ledger/reports.h"

#include "core/ledger/fields.h"

#include <algorithm>

namespace sporvakt::ledger {

bool matches(const Filter& filter, const Contact& contact) {
    return contact.first >= filter.from && contact.first < filter.to &&
           (!filter.device || *filter.device == contact.device) &&
           (!filter.company || *filter.company == contact.company) &&
           (!filter.purpose || *filter.purpose == contact.purpose) &&
           (!filter.outcome || *filter.outcome == contact.outcome) &&
           contact.name.find(filter.name_contains) != std::string::npos;
}

Totals& Totals::operator+=(const Contact& contact) {
    if (contact.outcome == Outcome::Prevented) {
        prevented = saturating_sum(prevented, contact.contacts);
        prevented_attempts = saturating_sum(prevented_attempts, contact.attempts);
    } else {
        leaked = saturating_sum(leaked, contact.contacts);
        leaked_flows = saturating_sum(leaked_flows, contact.attempts);
    }
    bytes_up = saturating_sum(bytes_up, contact.bytes_up);
    bytes_down = saturating_sum(bytes_down, contact.bytes_down);
    last = std::max(last, contact.last);
    return *this;
}

}  // namespace sporvakt::ledger
