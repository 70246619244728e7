#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/record_type.h"
#include "core/devices/device.h"
#include "core/devices/device_id.h"
#include "core/policy/group_finder.h"
#include "core/policy/group_policy.h"
#include "core/policy/household.h"
#include "core/policy/own_rule_set.h"
#include "core/policy/pauses.h"
#include "core/policy/verdict.h"
#include "core/trackers/catalogue.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::policy {

/// What is being asked.  `name` is in DomainName's form.
struct Question {
    devices::DeviceId device;
    std::string_view name;
    RecordType type = RecordType::A;
};

/// What else a policy stands on, besides lists and the household's word.
struct Circumstances {
    Timestamp at{};                              ///< Schedules, pauses and rules hold at that time.
    std::span<const devices::Device> devices{};  ///< To find their groups; need not live on.
    std::span<const InterfaceNetwork> interfaces{};  ///< The same.
};

/// Judges names for this household, at one time.  Immutable: a change is a new Policy, published by
/// Snapshot, and so is the time of valid_until().  Const members may be called from any thread.
class Policy {
public:
    /// Attribution comes from the first catalogue that knows the name; rules are weighed across all
    /// of them.  No catalogue at all allows what the household does not block.
    Policy(std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues,
           HouseholdRules household, const Circumstances& circumstances = {});
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;
    Policy(Policy&&) = delete;
    Policy& operator=(Policy&&) = delete;
    ~Policy() = default;

    /// May this device reach this name?  The first of these that says something decides:
    ///
    /// 1. the own rules of the device's group about the name, then those for everybody
    /// (OwnRuleSet);
    /// 2. the group's allow_only: what no rule allowed is blocked;
    /// 3. a schedule of the group that holds now;
    /// 4. what the group says about the company behind the name, or about one that owns it;
    /// 5. what the group says about the name's purpose;
    /// 6. the lists (trackers::stronger), of them those that hold for the group: of a rule that
    /// several lists give, one that holds is enough;
    /// 7. nothing: a tracker is reported, anything else is nobody's business.
    ///
    /// A pause then lifts what would be blocked, allow_only aside.  Does not allocate where neither
    /// the catalogues nor own expressions do.  docs/policy.md says it for people.
    [[nodiscard]] Verdict judge(const Question& question) const;

    /// How the name serves to go unseen; without a verdict on it.  Does not allocate.
    [[nodiscard]] trackers::Evasion evasion_of(std::string_view name) const {
        return attributed(name).evasion;
    }

    /// The same of an address on the port for HTTPS.
    [[nodiscard]] trackers::Evasion evasion_at(const IpAddress& address) const;

    /// Every rule of a list that holds for the device's group and speaks of the name, the strongest
    /// first, each with all of those lists that give it: what row 6 weighs.  For explaining; it
    /// allocates.
    [[nodiscard]] std::vector<trackers::RuleVoice> list_rules_about(const Question& question) const;

    /// Until when all of this holds: then a schedule, a pause or a rule begins or ends.
    [[nodiscard]] Timestamp valid_until() const { return valid_until_; }

    /// The group that the device is in; null without one.  Lives as long as the policy.
    [[nodiscard]] const Group* group_of(const devices::DeviceId& device) const;

    /// Null when there is none of that id.
    [[nodiscard]] const Group* group(std::string_view id) const;

    /// What the household decided, whether it holds now or not.
    [[nodiscard]] const HouseholdRules& household() const { return household_; }

    /// From the first catalogue that knows the company.
    [[nodiscard]] std::optional<trackers::Company> company(trackers::CompanyId id) const;

    [[nodiscard]] const std::vector<std::shared_ptr<const trackers::Catalogue>>& catalogues()
        const {
        return catalogues_;
    }

private:
    Policy(std::vector<std::shared_ptr<const trackers::Catalogue>>&& catalogues,
           HouseholdRules&& household, const Circumstances& circumstances,
           const CompanyFamilies& families);

    /// A verdict that knows who is behind the name, and nothing more.
    [[nodiscard]] Verdict attributed(std::string_view name) const;
    void weigh(const Question& question, const GroupPolicy* group, Verdict& verdict) const;
    [[nodiscard]] const GroupPolicy* policy_of(const devices::DeviceId& device) const;
    [[nodiscard]] std::optional<trackers::RuleMatch> strongest_rule(const Question& question,
                                                                    const GroupPolicy* group) const;

    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues_;
    HouseholdRules household_;
    OwnRuleSet own_rules_;  ///< For everybody.
    std::vector<GroupPolicy> groups_;
    GroupFinder finder_;
    Pauses pauses_;
    Timestamp valid_until_ = Timestamp::max();
};

}  // namespace sporvakt::policy
