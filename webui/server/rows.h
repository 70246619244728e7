#pragma once

#include "core/devices/device_table.h"
#include "core/ledger/reports.h"
#include "core/policy/policy.h"
#include "webui/server/server.h"

#include <memory>
#include <string>
#include <unordered_map>

#include <nlohmann/json_fwd.hpp>

namespace sporvakt::webui {

/// What the ledger stores, in the words of the API: ids become names, numbers become ids.
///
/// Holds on to one state of the devices and the policy, so that a whole answer agrees with itself.
/// Not thread-safe: one for each answer.
class Rows {
public:
    explicit Rows(const ServerParts& parts);
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows(Rows&&) = delete;
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    /// DeviceRef
    [[nodiscard]] nlohmann::json device_ref(const devices::DeviceId& id) const;

    /// Everything known about a device, without sums; for an id that nobody knows, just that.
    [[nodiscard]] nlohmann::json device(const devices::DeviceId& id) const;

    /// Company, or null for nobody known.
    [[nodiscard]] const nlohmann::json& company(trackers::CompanyId id);

    /// Event
    [[nodiscard]] nlohmann::json event(const ledger::Contact& contact);

    [[nodiscard]] const devices::DeviceTable& devices() const { return *devices_; }
    [[nodiscard]] const policy::Policy& policy() const { return *policy_; }

private:
    [[nodiscard]] nlohmann::json describe(trackers::CompanyId id) const;
    [[nodiscard]] nlohmann::json parent_of(const trackers::Company& company) const;

    std::shared_ptr<const devices::DeviceTable> devices_;
    std::shared_ptr<const policy::Policy> policy_;
    std::unordered_map<trackers::CompanyId, std::unique_ptr<nlohmann::json>> companies_;
};

/// Names one contact for as long as it goes on: 16 hex digits.
std::string contact_id(const ledger::Contact& contact);

/// "leaked" or "prevented"
std::string_view outcome_text(ledger::Outcome outcome);

/// Null for the empty text.
nlohmann::json text_or_null(std::string_view text);

/// Null for the epoch, which stands for never.
nlohmann::json time_or_null(Timestamp at);

/// Adds leaked, prevented, leaked_flows, prevented_attempts, bytes_up, bytes_down, last_contact.
void add_totals(nlohmann::json& row, const ledger::Totals& totals);

/// The text that is sent; what is not UTF-8 in it is replaced.
std::string json_text(const nlohmann::json& value);

}  // namespace sporvakt::webui
