#pragma once

#include <chrono>
#include <stop_token>

namespace sporvakt {

/// Returns when `stop` is requested.
void wait_for_stop(const std::stop_token& stop);

/// Returns then, or when so much time has passed.
void wait_for_stop(const std::stop_token& stop, std::chrono::milliseconds time_max);

}  // namespace sporvakt
