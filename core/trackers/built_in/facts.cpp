#include "core/trackers/built_in/facts.h"

#include "core/trackers/line_reader.h"
#include "core/trackers/words.h"

#include <optional>
#include <string_view>

namespace sporvakt::trackers {

Result<std::vector<FactRow>> read_facts(const std::string& path, std::size_t fields) {
    LineReader reader = SPORVAKT_TRY(LineReader::open(path));
    std::vector<FactRow> rows;
    while (const auto line = SPORVAKT_TRY(reader.next())) {
        std::string_view rest = trimmed(*line);
        if (rest.empty() || rest.front() == '#') {
            continue;
        }
        FactRow row;
        row.line = reader.line_number();
        for (std::size_t bars = 0; bars != std::string_view::npos;) {
            bars = rest.find('|');
            row.fields.emplace_back(trimmed(take_until(rest, '|')));
        }
        if (row.fields.size() != fields) {
            return fail(Errc::InvalidInput, path + ":" + std::to_string(row.line) + ": has " +
                                                std::to_string(row.fields.size()) +
                                                " fields where " + std::to_string(fields) +
                                                " belong");
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace sporvakt::trackers
