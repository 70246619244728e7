#include "firmware/lists/list_statistics.h"

#include "firmware/commands/stored_household.h"
#include "firmware/list_plan.h"

#include <filesystem>
#include <map>
#include <system_error>

namespace sporvakt::firmware {
namespace {

using Prevented = std::map<std::string, std::uint64_t, std::less<>>;

/// By list; nothing while there is no ledger.
Result<std::optional<Prevented>> prevented_in(const std::string& storage_dir) {
    std::error_code ignored;
    if (!std::filesystem::exists(storage_dir + "/ledger.mdb", ignored)) {
        return std::optional<Prevented>();
    }
    const StoredLedger stored = SPORVAKT_TRY(StoredLedger::open({storage_dir, {}}));
    ledger::Filter all;
    all.to = Timestamp::max();
    Prevented prevented;
    for (const ledger::ListCell& cell : SPORVAKT_TRY(stored.reports().lists(all))) {
        prevented[cell.list] = cell.totals.prevented;
    }
    return std::optional(std::move(prevented));
}

}  // namespace

Result<std::vector<ListStatistics>> list_statistics(const std::string& storage_dir,
                                                    const std::string& built_in) {
    const auto prevented = SPORVAKT_TRY(prevented_in(storage_dir));
    std::vector<ListStatistics> all;
    for (const auto& catalogue : ListPlan(storage_dir, built_in).catalogues()) {
        const std::vector<trackers::ListReport> reports = catalogue->list_reports();
        for (const trackers::ListReport& report : reports) {
            ListStatistics one;
            one.report = report;
            for (const trackers::SharedNames& shared : report.shared) {
                one.shared.emplace_back(reports.at(shared.list).name, shared.names);
            }
            if (prevented) {
                const auto found = prevented->find(report.name);
                one.prevented = found == prevented->end() ? 0 : found->second;
            }
            all.push_back(std::move(one));
        }
    }
    return all;
}

}  // namespace sporvakt::firmware
