#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/trackers/list_compiler.h"
#include "firmware/lists/fetcher.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::firmware {

/// How the last look for a newer list ended.  Stored by its text.
enum class ListOutcome : std::uint8_t {
    Taken,      ///< What came is in force.
    Unchanged,  ///< The server says that nothing is new.
    Refused,    ///< What came would have done harm; the one before stays.
    Failed,     ///< Nothing came; the one before stays.
};

std::string_view list_outcome_text(ListOutcome outcome);

/// Lines of one kind that say nothing to us, with the first of them.
struct SkippedKind {
    std::string kind;  ///< In the words of skip_kind_text().
    std::uint64_t count = 0;
    std::uint64_t example_line = 0;
    std::string example;

    friend bool operator==(const SkippedKind&, const SkippedKind&) = default;
};

/// What is known of one list that is kept fresh.
struct ListStatus {
    std::string id;  ///< Also the name of its file.
    std::string url;
    ListOutcome outcome = ListOutcome::Failed;
    std::string reason;  ///< Of Refused and Failed: why.
    Timestamp checked_at;
    std::optional<Timestamp> taken_at;  ///< Of what is in force; nothing: nothing is.
    Validators validators;              ///< Of what is in force, as all below.
    std::uint64_t bytes = 0;
    std::string format;
    std::uint64_t lines = 0;
    std::uint64_t rules = 0;
    std::vector<SkippedKind> skipped;

    /// Takes over what is in the list that is now in force.
    void describe(const trackers::ListReport& report);

    friend bool operator==(const ListStatus&, const ListStatus&) = default;
};

/// The statuses of all lists in one file of JSON (docs/storage-format.md).  Written, as a whole, by
/// whoever holds the folder's lock; read by anybody.
class ListStatusFile {
public:
    static constexpr std::size_t kBytesMax = std::size_t{1} << 20U;

    explicit ListStatusFile(std::string path) : path_(std::move(path)) {}

    /// Empty while there is no file.  Fails when what is there is not one of ours.
    [[nodiscard]] Result<std::vector<ListStatus>> read() const;

    [[nodiscard]] Result<void> write(const std::vector<ListStatus>& all) const;

private:
    std::string path_;
};

}  // namespace sporvakt::firmware
