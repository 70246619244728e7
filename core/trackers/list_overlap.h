#pragma once

#include "core/trackers/list_report.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sporvakt::trackers {

/// Counts which lists have the same names.  Not thread-safe.
class ListOverlap {
public:
    /// Lists beyond these are counted alone: the table of pairs would be too large.
    static constexpr std::size_t kComparedMax = 256;
    /// Of the lists that share names with one, those that are told.
    static constexpr std::size_t kToldMax = 3;

    explicit ListOverlap(std::size_t lists);

    /// One name, and the lists that have it: ascending, each once.
    void add(std::span<const std::uint16_t> lists);

    /// Sets what a report says beside the other lists.
    void tell(std::uint16_t list, ListReport& report) const;

private:
    [[nodiscard]] std::uint64_t shared(std::size_t list, std::size_t other) const {
        return pairs_[list * compared_ + other];
    }

    std::size_t compared_;
    std::vector<std::uint64_t> names_;
    std::vector<std::uint64_t> only_here_;
    std::vector<std::uint64_t> pairs_;  ///< compared_ rows of as many.
};

}  // namespace sporvakt::trackers
