#include "firmware/lists/safeguard.h"

#include "core/base/domain_name.h"
#include "core/trackers/built_in/facts.h"
#include "core/trackers/catalogue.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/core.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

constexpr std::string_view kVisited = "site";
constexpr std::array<std::string_view, 4> kNeeded{"online", "time", "certificate", "update"};

/// Removes the file at its end.
class Scratch {
public:
    explicit Scratch(const std::string& path) : path_(path) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Scratch(Scratch&&) = delete;
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() { ::unlink(path_.c_str()); }

private:
    const std::string& path_;
};

tl::unexpected<Error> refused(std::string why) {
    return fail(Errc::InvalidInput, std::move(why));
}

bool blocks(const trackers::Catalogue& catalogue, const std::string& name) {
    const auto is_block = [&](RecordType type) {
        const auto rule = catalogue.find_rule(name, type);
        return rule && rule->action == trackers::RuleAction::Block;
    };
    return is_block(RecordType::A) || is_block(RecordType::Aaaa);
}

}  // namespace

Result<std::vector<ProtectedSite>> read_protected_sites(const std::string& path) {
    const auto rows = SPORVAKT_TRY(trackers::read_facts(path, 2));
    std::vector<ProtectedSite> sites;
    for (const trackers::FactRow& row : rows) {
        const std::string& kind = row.fields[0];
        const std::string& name = row.fields[1];
        const bool is_needed = std::find(kNeeded.begin(), kNeeded.end(), kind) != kNeeded.end();
        const auto domain = DomainName::from_text(name);
        const bool is_known = std::any_of(sites.begin(), sites.end(),
                                          [&](const auto& site) { return site.name == name; });
        if ((!is_needed && kind != kVisited) || !domain || domain->text() != name || is_known) {
            return refused(fmt::format("{}:{}: '{} | {}' is not a kind and a name of its own", path,
                                       row.line, kind, name));
        }
        sites.push_back({is_needed, name});
    }
    return sites;
}

Result<trackers::ListReport> Safeguard::examine(const std::string& path,
                                                std::optional<std::uint64_t> rules_before,
                                                const std::string& scratch) const {
    trackers::CatalogueWriter writer;
    auto report = SPORVAKT_TRY(trackers::read_list(path, writer, {}));
    const std::uint64_t rules = report.taken();
    if (rules == 0) {
        return refused("it holds no rule at all");
    }
    if (rules_before && *rules_before >= kRulesForShrinking && rules < *rules_before / 2) {
        return refused(
            fmt::format("it shrank from {} rules to {}, less than half", *rules_before, rules));
    }
    const Scratch removed(scratch);
    SPORVAKT_TRY(writer.write(scratch, ""));
    SPORVAKT_TRY(check_sites(scratch));
    return report;
}

Result<void> Safeguard::check_sites(const std::string& path) const {
    const auto catalogue = SPORVAKT_TRY(trackers::Catalogue::open(path));
    std::size_t visited = 0;
    std::string names;
    for (const ProtectedSite& site : sites_) {
        if (!blocks(*catalogue, site.name)) {
            continue;
        }
        if (site.is_needed) {
            return refused(
                fmt::format("it would block {}, which machines need to know that they "
                            "are online, the time, certificates or updates",
                            site.name));
        }
        if (++visited <= kSitesBlockedMax) {
            names += (names.empty() ? "" : ", ") + site.name;
        }
    }
    if (visited > kSitesBlockedMax) {
        const auto all = std::count_if(sites_.begin(), sites_.end(),
                                       [](const ProtectedSite& site) { return !site.is_needed; });
        return refused(
            fmt::format("it would block {} of {} sites that many people visit: {} and "
                        "others",
                        visited, all, names));
    }
    return {};
}

}  // namespace sporvakt::firmware
