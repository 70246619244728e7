#include "firmware/lists/subscribed_lists.h"

#include "firmware/lists/fetcher.h"
#include "firmware/lists/list_registry.h"
#include "firmware/lists/safeguard.h"
#include "firmware/share_folder.h"

#include <utility>

namespace sporvakt::firmware {

Result<std::vector<Subscription>> subscribed_lists(const Configuration& configuration) {
    if (configuration.subscribed.entries.empty()) {
        return std::vector<Subscription>{};
    }
    const auto registry =
        SPORVAKT_TRY(ListRegistry::read(SPORVAKT_TRY(share_file(ListRegistry::kShareFile))));
    return subscriptions_of(configuration.subscribed.entries, registry,
                            configuration.subscribed.reach);
}

Result<std::vector<std::string>> files_in_force(const Configuration& configuration) {
    const auto subscriptions = SPORVAKT_TRY(subscribed_lists(configuration));
    std::vector<std::string> files = configuration.list_files;
    for (std::string& file : subscribed_files(subscriptions, configuration.storage_dir)) {
        files.push_back(std::move(file));
    }
    return files;
}

Result<unsigned> update_subscribed(const Configuration& configuration, const Clock& clock,
                                   const ListUpdater::Wish& wish, const std::stop_token& stop) {
    const auto subscriptions = SPORVAKT_TRY(subscribed_lists(configuration));
    auto sites = SPORVAKT_TRY(read_protected_sites(SPORVAKT_TRY(share_file(kProtectedSitesFile))));
    FetchSettings fetching;
    fetching.reach = configuration.subscribed.reach;
    ListUpdater::Settings settings;
    settings.update_every = configuration.subscribed.update_every;
    ListUpdater updater(subscribed_folder(configuration.storage_dir), Fetcher(fetching),
                        Safeguard(std::move(sites)), clock, settings);
    return updater.update(subscriptions, wish, stop);
}

}  // namespace sporvakt::firmware
