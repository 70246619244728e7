#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "firmware/lists/fetcher.h"
#include "firmware/lists/list_status.h"
#include "firmware/lists/safeguard.h"
#include "firmware/lists/subscription.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::firmware {

/// Keeps subscribed lists fresh in a folder: FOLDER/ID is the list that is in force, status.json
/// what is known of each, update.lock keeps two updates apart.  (No id is such a name: see
/// subscription.h.)
///
/// At any moment, also after kill -9 or a power cut, FOLDER/ID is a whole list that the Safeguard
/// let pass, or not there.  It goes in place before the status that speaks of it: what is lost
/// between the two is fetched once more.
///
/// One thread; meant for a process of its own, which least_rights.h makes harmless.
class ListUpdater {
public:
    struct Settings {
        std::chrono::hours update_every{24};
        std::chrono::hours retry_every{1};  ///< After a failure; never later than update_every.
        unsigned tries = 3;                 ///< At one time, as long as the failure may pass.
        /// Before the second try, twice that before the third; each up to half as much longer or
        /// shorter by chance, so that not all households come back at one moment.
        std::chrono::milliseconds first_wait{2'000};
    };

    enum class Which : std::uint8_t {
        Due,  ///< Those whose time has come.
        All,  ///< Each, whenever it was looked for last.
    };
    struct Wish {
        Which which = Which::Due;
        /// Ids of lists whose owner is content with one that shrank.
        std::vector<std::string> may_shrink;
    };

    /// `clock` outlives this.
    ListUpdater(std::string folder, Fetcher fetcher, Safeguard safeguard, const Clock& clock,
                Settings settings)
        : folder_(std::move(folder)),
          fetcher_(std::move(fetcher)),
          safeguard_(std::move(safeguard)),
          clock_(clock),
          settings_(settings) {}

    /// Looks for newer lists, one after the other, and notes the outcome of each before the next.
    /// Gives how many came newly into force.  Lists that are no longer subscribed are removed.
    /// Fails when the folder cannot be used, or another process updates it just now; what happens
    /// to a single list is in its status.
    [[nodiscard]] Result<unsigned> update(const std::vector<Subscription>& subscriptions,
                                          const Wish& wish, const std::stop_token& stop);

private:
    [[nodiscard]] Result<std::vector<ListStatus>> statuses_of(
        const std::vector<Subscription>& subscriptions) const;
    void tidy(const std::vector<Subscription>& subscriptions) const;
    [[nodiscard]] bool is_there(const std::string& id) const;
    [[nodiscard]] std::optional<std::uint64_t> rules_in_force(const ListStatus& status) const;
    [[nodiscard]] bool is_due(const ListStatus& status) const;
    void look(ListStatus& status, const Wish& wish, const std::stop_token& stop) const;
    [[nodiscard]] Expected<Fetched, FetchFailure> fetch(const FetchRequest& request,
                                                        const std::stop_token& stop) const;
    [[nodiscard]] Result<void> take(ListStatus& status, const Fetched& fetched,
                                    const Wish& wish) const;
    [[nodiscard]] std::string path_of(const std::string& id) const { return folder_ + "/" + id; }

    std::string folder_;
    Fetcher fetcher_;
    Safeguard safeguard_;
    const Clock& clock_;
    Settings settings_;
};

/// In FOLDER: held with flock(2) as long as an update goes on, then closed.
constexpr std::string_view kUpdateLock = "update.lock";

/// FOLDER/status.json
ListStatusFile list_status_file(const std::string& folder);

}  // namespace sporvakt::firmware
