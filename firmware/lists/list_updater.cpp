#include "firmware/lists/list_updater.h"

#include "core/base/file_descriptor.h"
#include "core/base/log.h"
#include "core/base/stop_wait.h"
#include "core/base/whole_file.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::string_view kStatus = "status.json";

/// Goes with the descriptor, also when its process is killed.
Result<FileDescriptor> lock_folder(const std::string& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    const std::string path = fmt::format("{}/{}", folder, kUpdateLock);
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return system_failure("cannot use " + path);
    }
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        return fail(Errc::Unavailable, "the lists are being updated already; wait for its end");
    }
    return file;
}

// With no need for secrecy, and well enough spread over households.
milliseconds with_jitter(milliseconds wait) {
    std::random_device device;
    std::uniform_int_distribution<milliseconds::rep> any(wait.count() / 2, wait.count() * 3 / 2);
    return milliseconds(any(device));
}

}  // namespace

ListStatusFile list_status_file(const std::string& folder) {
    return ListStatusFile(fmt::format("{}/{}", folder, kStatus));
}

Result<unsigned> ListUpdater::update(const std::vector<Subscription>& subscriptions,
                                     const Wish& wish, const std::stop_token& stop) {
    const FileDescriptor lock = SPORVAKT_TRY(lock_folder(folder_));
    std::vector<ListStatus> all = SPORVAKT_TRY(statuses_of(subscriptions));
    tidy(subscriptions);
    const ListStatusFile file = list_status_file(folder_);
    unsigned taken = 0;
    for (ListStatus& status : all) {
        if (stop.stop_requested() || (wish.which == Which::Due && !is_due(status))) {
            continue;
        }
        look(status, wish, stop);
        taken += status.outcome == ListOutcome::Taken ? 1 : 0;
        SPORVAKT_TRY(file.write(all));
    }
    return taken;
}

/// In the order of the subscriptions; a new one has only an id and a URL.  What the status says of
/// a file that is not there does not count, nor do the validators of another place.
Result<std::vector<ListStatus>> ListUpdater::statuses_of(
    const std::vector<Subscription>& subscriptions) const {
    auto known = list_status_file(folder_).read();
    if (!known) {
        log::warning(known.error().message + "; going on without it");
        known = std::vector<ListStatus>{};
    }
    std::vector<ListStatus> all;
    for (const Subscription& wanted : subscriptions) {
        const auto same =
            std::find_if(known->begin(), known->end(),
                         [&wanted](const ListStatus& one) { return one.id == wanted.id; });
        ListStatus status;
        if (same != known->end() && (!same->taken_at || is_there(wanted.id))) {
            status = *same;
        }
        if (status.url != wanted.url) {
            status.validators = {};
            status.checked_at = {};
        }
        status.id = wanted.id;
        status.url = wanted.url;
        all.push_back(std::move(status));
    }
    return all;
}

/// Nothing stays of lists that nobody wants any more, nor of an update that was killed.
void ListUpdater::tidy(const std::vector<Subscription>& subscriptions) const {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, ignored)) {
        const std::string name = entry.path().filename().string();
        const bool is_wanted =
            name == kStatus || name == kUpdateLock ||
            std::any_of(subscriptions.begin(), subscriptions.end(),
                        [&name](const Subscription& wanted) { return wanted.id == name; });
        if (!is_wanted) {
            fs::remove(entry.path(), ignored);
        }
    }
}

bool ListUpdater::is_due(const ListStatus& status) const {
    const bool is_well =
        status.outcome == ListOutcome::Taken || status.outcome == ListOutcome::Unchanged;
    const auto wait =
        is_well ? settings_.update_every : std::min(settings_.retry_every, settings_.update_every);
    const Timestamp now = clock_.now();
    // A time to come is of a clock that was wrong.
    return now < status.checked_at || now - status.checked_at >= wait;
}

void ListUpdater::look(ListStatus& status, const Wish& wish, const std::stop_token& stop) const {
    const FetchRequest request{status.url, status.validators, path_of(status.id) + ".part"};
    const auto fetched = fetch(request, stop);
    status.checked_at = clock_.now();
    status.reason.clear();
    if (!fetched) {
        status.outcome = ListOutcome::Failed;
        status.reason = fetched.error().message;
    } else if (!fetched->is_new) {
        status.outcome = ListOutcome::Unchanged;
    } else if (const auto taken = take(status, *fetched, wish); !taken) {
        ::unlink(request.to.c_str());
        // What we could not write says nothing about the list.
        status.outcome =
            taken.error().code == Errc::InvalidInput ? ListOutcome::Refused : ListOutcome::Failed;
        status.reason = taken.error().message;
    } else {
        status.outcome = ListOutcome::Taken;
    }
    if (status.reason.empty()) {
        log::info(fmt::format("{}: {}, {} rules", status.id, list_outcome_text(status.outcome),
                              status.rules));
    } else {
        log::warning(fmt::format(
            "{}: {}: {}; {}", status.id, list_outcome_text(status.outcome), status.reason,
            is_there(status.id) ? "the list before stays in force" : "there is none before it"));
    }
}

Expected<Fetched, FetchFailure> ListUpdater::fetch(const FetchRequest& request,
                                                   const std::stop_token& stop) const {
    milliseconds wait = settings_.first_wait;
    for (unsigned tries = 1;; ++tries) {
        auto fetched = fetcher_.fetch(request, stop);
        if (fetched || !fetched.error().is_passing || tries >= settings_.tries ||
            stop.stop_requested()) {
            return fetched;
        }
        wait_for_stop(stop, with_jitter(wait));
        wait *= 2;
    }
}

bool ListUpdater::is_there(const std::string& id) const {
    std::error_code ignored;
    return fs::exists(path_of(id), ignored);
}

/// The file itself tells where the status was lost.
std::optional<std::uint64_t> ListUpdater::rules_in_force(const ListStatus& status) const {
    if (status.taken_at) {
        return status.rules;
    }
    const std::string path = path_of(status.id);
    const auto report = safeguard_.examine(path, std::nullopt, path + ".scratch");
    return report ? std::optional(report->taken()) : std::nullopt;
}

Result<void> ListUpdater::take(ListStatus& status, const Fetched& fetched, const Wish& wish) const {
    const std::string path = path_of(status.id);
    const bool may_shrink = std::find(wish.may_shrink.begin(), wish.may_shrink.end(), status.id) !=
                            wish.may_shrink.end();
    const auto rules_before = may_shrink ? std::nullopt : rules_in_force(status);
    const auto report =
        SPORVAKT_TRY(safeguard_.examine(path + ".part", rules_before, path + ".scratch"));
    SPORVAKT_TRY(put_in_place(path + ".part", path));
    status.describe(report);
    status.taken_at = clock_.now();
    status.validators = fetched.validators;
    status.bytes = fetched.bytes;
    return {};
}

}  // namespace sporvakt::firmware
