#include "webui/server/changes/orders.h"

namespace sporvakt::webui {

Answered<void> submit(const Call& call, const ledger::Order& order) {
    const auto done = call.parts.orders.submit(order);
    if (done) {
        return {};
    }
    const Problem problem =
        done.error().code == Errc::InvalidInput ? Problem::InvalidParameter : Problem::Unavailable;
    return refuse(problem, done.error().message);
}

Answered<void> change_policy(const Call& call,
                             const std::vector<policy::HouseholdChange>& changes) {
    std::vector<std::uint8_t> bytes = policy::encode(changes);
    if (bytes.size() > policy::kChangesBytesMax) {
        return refuse(Problem::TooLarge, "That is more than can be changed at once (60 KiB).");
    }
    return submit(call, ledger::ChangePolicy{std::move(bytes)});
}

}  // namespace sporvakt::webui
