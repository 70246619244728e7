#pragma once

#include "core/base/result.h"
#include "core/trackers/catalogue_writer.h"
#include "core/trackers/list_line.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sporvakt::trackers {

/// Lines of one kind that were skipped.
struct SkippedLines {
    std::uint64_t count = 0;
    std::uint64_t example_line = 0;
    std::string example;  ///< The first of them, cut to kExampleMax.
    static constexpr std::size_t kExampleMax = 100;
};

/// What became of one file.
struct ListReport {
    std::string path;
    std::string name;  ///< What verdicts call the list: the file's own name.
    ListFormat format = ListFormat::Domains;
    std::uint64_t lines = 0;
    std::uint64_t blocks = 0;       ///< Rules that block a name.
    std::uint64_t allows = 0;       ///< Rules that allow one.
    std::uint64_t cancels = 0;      ///< $badfilter.
    std::uint64_t expressions = 0;  ///< Rules that are expressions, whatever they do.
    std::array<SkippedLines, kSkipKinds> skipped;

    [[nodiscard]] std::uint64_t taken() const { return blocks + allows + cancels + expressions; }
};

/// Told now and then how far a long file has been read.
using ListProgress = std::function<void(const std::string& path, std::uint64_t lines)>;

/// Reads one file once, in bounded memory besides the writer's.  Fails, and names the line, when
/// the bytes are not a list (docs/lists.md); the writer then holds a part of it: throw it away.
Result<ListReport> read_list(const std::string& path, CatalogueWriter& writer,
                             const ListProgress& progress);

/// Reads all files into one catalogue of rules alone, and replaces `out` with it, or leaves `out`
/// as it was.  `rules` is how many it holds: without repetitions within a list.
struct CompiledLists {
    std::vector<ListReport> reports;
    std::uint64_t rules = 0;
};
Result<CompiledLists> compile_lists(const std::vector<std::string>& paths, const std::string& out,
                                    std::string_view compiled_at, const ListProgress& progress);

}  // namespace sporvakt::trackers
