#pragma once

#include "core/base/result.h"
#include "core/trackers/catalogue_writer.h"
#include "core/trackers/list_report.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sporvakt::trackers {

/// Told now and then how far a long file has been read.
using ListProgress = std::function<void(const std::string& path, std::uint64_t lines)>;

/// Reads one file once, in bounded memory besides the writer's.  Fails, and names the line, when
/// the bytes are not a list (docs/lists.md); the writer then holds a part of it: throw it away.
/// The report is the writer's too, which adds to it what the list is beside others.
Result<ListReport> read_list(const std::string& path, CatalogueWriter& writer,
                             const ListProgress& progress);

/// Reads all files into one catalogue of rules alone, and replaces `out` with it, or leaves `out`
/// as it was.  `rules` is how many it holds, each once.
struct CompiledLists {
    std::vector<ListReport> reports;
    std::uint64_t rules = 0;
};
Result<CompiledLists> compile_lists(const std::vector<std::string>& paths, const std::string& out,
                                    std::string_view compiled_at, const ListProgress& progress);

}  // namespace sporvakt::trackers
