#pragma once

#include "core/base/result.h"
#include "firmware/lists/list_registry.h"
#include "firmware/lists/list_url.h"

#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// A list of somebody else's that the owner wants kept fresh.
struct Subscription {
    std::string id;  ///< Of the registry, or "HOST-xxxxxxxx" of an own URL.  Names its file, and
                     ///< verdicts say it.
    std::string url;

    friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// What the entries of `[lists] subscriptions` mean: an id of the registry, or a URL.  Fails with a
/// sentence on the first that is neither.
Result<std::vector<Subscription>> subscriptions_of(const std::vector<std::string>& entries,
                                                   const ListRegistry& registry, Reach reach);

/// The folder in the storage directory where subscribed lists lie, each by its id.
std::string subscribed_folder(const std::string& storage_dir);

/// The files of these that are there, in the same order: what has been fetched once.
std::vector<std::string> subscribed_files(const std::vector<Subscription>& subscriptions,
                                          const std::string& storage_dir);

}  // namespace sporvakt::firmware
