#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "firmware/configuration.h"
#include "firmware/lists/list_updater.h"
#include "firmware/lists/subscription.h"

#include <stop_token>
#include <string>
#include <vector>

namespace sporvakt::firmware {

// What a configuration wants of lists that are kept fresh, put together with the files of facts
// that come with the program.

/// Fails (InvalidInput) on an entry that is neither in the registry nor a URL.
Result<std::vector<Subscription>> subscribed_lists(const Configuration& configuration);

/// Every list that is to be in force: the household's own files, then what has been fetched.
Result<std::vector<std::string>> files_in_force(const Configuration& configuration);

/// ListUpdater::update() in the configuration's storage directory.
Result<unsigned> update_subscribed(const Configuration& configuration, const Clock& clock,
                                   const ListUpdater::Wish& wish, const std::stop_token& stop);

}  // namespace sporvakt::firmware
