#pragma once

#include "core/base/record_type.h"
#include "core/devices/device_id.h"
#include "core/policy/verdict.h"
#include "core/trackers/catalogue.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// What the household itself said about a name and everything below it.
enum class HouseholdRule : std::uint8_t { Block = 0, Allow = 1 };  // stored: never renumber

struct HouseholdRules {
    std::map<std::string, HouseholdRule, std::less<>> names;  ///< Name without a leading dot.
};

/// What is being asked.  `name` is in DomainName's form.
struct Question {
    devices::DeviceId device;
    std::string_view name;
    RecordType type = RecordType::A;
};

/// Judges names for this household.  Immutable: a change is a new Policy, published by Snapshot.
/// Const members may be called from any thread.
class Policy {
public:
    /// Attribution comes from the first catalogue that knows the name; rules are weighed across all
    /// of them.  No catalogue at all allows everything.
    Policy(std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues,
           HouseholdRules household);

    /// May this device reach this name?  Order: the household's own rule, then lists.  Does not
    /// allocate where the catalogues do not.
    [[nodiscard]] Verdict judge(const Question& question) const;

    /// From the first catalogue that knows the company.
    [[nodiscard]] std::optional<trackers::Company> company(trackers::CompanyId id) const;

    [[nodiscard]] const std::vector<std::shared_ptr<const trackers::Catalogue>>& catalogues()
        const {
        return catalogues_;
    }

private:
    /// A verdict that knows who is behind the name, and nothing more.
    [[nodiscard]] Verdict attributed(std::string_view name) const;
    [[nodiscard]] std::optional<trackers::RuleMatch> strongest_rule(const Question& question) const;
    [[nodiscard]] std::optional<HouseholdRule> household_rule(std::string_view name) const;

    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues_;
    HouseholdRules household_;
};

}  // namespace sporvakt::policy
