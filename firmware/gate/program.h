#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// How a program ended.
struct ProgramEnd {
    int code = -1;       ///< Its exit code; -1 when a signal ended it, or we did.
    std::string output;  ///< What it printed, errors too; at most kProgramOutputMax of it.
};

constexpr std::size_t kProgramOutputMax = std::size_t{256} * 1024;

/// Runs a program of this machine ("nft", found by PATH) with `input` to read, and waits for it;
/// one that takes longer than `time_max` is ended.  Error: it could not be started.
Result<ProgramEnd> run_program(const std::vector<std::string>& words, std::string_view input,
                               std::chrono::milliseconds time_max);

}  // namespace sporvakt::firmware
