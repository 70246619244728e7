#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"
#include "core/trackers/list_line.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sporvakt::trackers {

/// Lines of one kind that were skipped.
struct SkippedLines {
    std::uint64_t count = 0;
    std::uint64_t example_line = 0;
    std::string example;  ///< The first of them, cut to kExampleMax.
    static constexpr std::size_t kExampleMax = 100;

    friend bool operator==(const SkippedLines&, const SkippedLines&) = default;
};

/// What two lists have in common.
struct SharedNames {
    std::uint16_t list = 0;   ///< The other one, by its place in the catalogue.
    std::uint64_t names = 0;  ///< That both have.

    friend bool operator==(const SharedNames&, const SharedNames&) = default;
};

/// What became of one list.  Kept in the catalogue that was compiled from it.
struct ListReport {
    std::string path;  ///< Not kept.
    std::string name;  ///< What verdicts call the list: the file's own name.
    ListFormat format = ListFormat::Domains;
    std::uint64_t lines = 0;
    std::uint64_t blocks = 0;       ///< Rules that block a name.
    std::uint64_t allows = 0;       ///< Rules that allow one.
    std::uint64_t cancels = 0;      ///< $badfilter.
    std::uint64_t expressions = 0;  ///< Rules that are expressions, whatever they do.
    std::array<SkippedLines, kSkipKinds> skipped;

    // Beside the other lists of the catalogue, in whatever words they say it:
    std::uint64_t names = 0;          ///< That it has a rule about, each once.
    std::uint64_t only_here = 0;      ///< Names that no other list has.
    std::vector<SharedNames> shared;  ///< With those lists that have most of them.

    [[nodiscard]] std::uint64_t taken() const { return blocks + allows + cancels + expressions; }

    friend bool operator==(const ListReport&, const ListReport&) = default;
};

/// The reports of a catalogue, in the order of its lists.  docs/storage-format.md has the bytes.
std::vector<std::uint8_t> stored_reports(std::span<const ListReport> reports);
Parsed<std::vector<ListReport>> read_reports(Bytes stored);

}  // namespace sporvakt::trackers
