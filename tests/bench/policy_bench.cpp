// policy_bench [NAMES]: what one judgement costs in a large household: 8 groups with 50 rules each,
// of them 100 expressions in all, companies and purposes, over a catalogue of a million names.  No
// question is asked twice, so nothing is cached but what the processor keeps.

#include "core/policy/policy.h"
#include "core/trackers/catalogue_writer.h"
#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <fmt/core.h>

using namespace sporvakt;
using policy::HouseholdRule;
using policy::RuleForm;

namespace {

constexpr std::size_t kGroups = 8;
constexpr std::size_t kRules = 50;
constexpr std::size_t kExpressions = 100;
constexpr std::size_t kQuestions = 200'000;
constexpr std::size_t kBatch = 16;  ///< Judged between two readings of the clock.

std::string name_of(std::size_t number) {
    return fmt::format("host-{}.tracker-{}.example", number % 7, number);
}

std::shared_ptr<const trackers::Catalogue> catalogue_of(std::size_t names,
                                                        const std::string& path) {
    trackers::CatalogueWriter writer;
    const auto list = writer.add_list("big");
    bool is_whole =
        list.has_value() && writer.add_company({"acme", "Acme", "", "", ""}).has_value();
    for (std::size_t i = 0; i < names && is_whole; ++i) {
        is_whole = writer
                       .add(*list, {fmt::format("tracker-{}.example", i),
                                    trackers::RuleScope::WithSubdomains,
                                    {},
                                    "||",
                                    "^"})
                       .has_value();
    }
    if (!is_whole || !writer.write(path, "2026-11-22T00:00:00Z")) {
        return nullptr;
    }
    return *trackers::Catalogue::open(path);
}

policy::HouseholdRules household() {
    policy::HouseholdRules rules;
    for (std::size_t group = 0; group < kGroups; ++group) {
        policy::Group made{fmt::format("group-{}", group), "Group"};
        for (std::size_t rule = 0; rule < kRules; ++rule) {
            const bool is_expression = rule < kExpressions / kGroups + 1;
            made.rules.push_back(
                is_expression
                    ? policy::OwnRule{fmt::format("^ad[sv]?{}-[0-9]+\\.g{}\\.", rule, group),
                                      HouseholdRule::Block, RuleForm::Expression}
                    : policy::OwnRule{fmt::format("site-{}.g{}.example", rule, group),
                                      HouseholdRule::Allow});
        }
        made.purposes = {{trackers::Purpose::Social, HouseholdRule::Block}};
        made.companies = {{"acme", HouseholdRule::Block}};
        made.members = {{policy::Membership::By::Network, fmt::format("192.168.{}.0/24", group)}};
        rules.groups.push_back(std::move(made));
    }
    return rules;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t names = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
    const test::TemporaryFolder folder;
    const auto catalogue = catalogue_of(names, folder.file("catalogue.mdb"));
    if (catalogue == nullptr) {
        fmt::print(stderr, "no catalogue could be made\n");
        return 1;
    }
    const policy::Policy policy({catalogue}, household());

    // Half of the questions are for names on the list, half for none; each is asked once.
    std::mt19937_64 random(1);
    std::vector<std::string> questions;
    std::vector<devices::DeviceId> devices;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        questions.push_back(name_of(random() % (names * 2)));
        devices.emplace_back(
            *IpAddress::from_text(fmt::format("192.168.{}.{}", i % kGroups, 1 + i % 250)));
    }
    std::vector<double> times;
    std::size_t blocked = 0;
    for (std::size_t i = 0; i + kBatch <= kQuestions; i += kBatch) {
        const auto begun = std::chrono::steady_clock::now();
        for (std::size_t at = i; at < i + kBatch; ++at) {
            blocked +=
                policy.judge({devices[at], questions[at], RecordType::A}).is_blocked() ? 1U : 0U;
        }
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begun;
        times.push_back(took.count() / kBatch);
    }
    std::sort(times.begin(), times.end());
    fmt::print(
        "{{\"names\": {}, \"groups\": {}, \"median_us\": {:.3f}, \"p99_us\": {:.3f}, "
        "\"blocked_share\": {:.2f}}}\n",
        names, kGroups, times[times.size() / 2], times[times.size() * 99 / 100],
        static_cast<double>(blocked) / static_cast<double>(kQuestions));
    return 0;
}
