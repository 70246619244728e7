#include "firmware/lists/list_status.h"

#include "core/base/whole_file.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> kOutcomes{"taken", "unchanged", "refused", "failed"};

Json json_of(const SkippedKind& skipped) {
    return {{"kind", skipped.kind},
            {"count", skipped.count},
            {"line", skipped.example_line},
            {"example", skipped.example}};
}

Json json_of(const ListStatus& status) {
    Json skipped = Json::array();
    for (const SkippedKind& kind : status.skipped) {
        skipped.push_back(json_of(kind));
    }
    return {{"id", status.id},
            {"url", status.url},
            {"outcome", list_outcome_text(status.outcome)},
            {"reason", status.reason},
            {"checked_at", rfc3339(status.checked_at)},
            {"taken_at", status.taken_at ? Json(rfc3339(*status.taken_at)) : Json()},
            {"etag", status.validators.etag},
            {"last_modified", status.validators.last_modified},
            {"bytes", status.bytes},
            {"format", status.format},
            {"lines", status.lines},
            {"rules", status.rules},
            {"skipped", skipped}};
}

// These throw where a field is missing or is something else; read() catches it.

Timestamp time_of(const Json& text) {
    return timestamp_from_rfc3339(text.get<std::string>()).value();
}

ListOutcome outcome_of(const std::string& text) {
    const auto* const found = std::find(kOutcomes.begin(), kOutcomes.end(), text);
    return found == kOutcomes.end()
               ? ListOutcome::Failed
               : ListOutcome{static_cast<std::uint8_t>(found - kOutcomes.begin())};
}

SkippedKind skipped_of(const Json& json) {
    SkippedKind skipped;
    json.at("kind").get_to(skipped.kind);
    json.at("count").get_to(skipped.count);
    json.at("line").get_to(skipped.example_line);
    json.at("example").get_to(skipped.example);
    return skipped;
}

ListStatus status_of(const Json& json) {
    ListStatus status;
    json.at("id").get_to(status.id);
    json.at("url").get_to(status.url);
    status.outcome = outcome_of(json.at("outcome").get<std::string>());
    json.at("reason").get_to(status.reason);
    status.checked_at = time_of(json.at("checked_at"));
    if (!json.at("taken_at").is_null()) {
        status.taken_at = time_of(json.at("taken_at"));
    }
    json.at("etag").get_to(status.validators.etag);
    json.at("last_modified").get_to(status.validators.last_modified);
    json.at("bytes").get_to(status.bytes);
    json.at("format").get_to(status.format);
    json.at("lines").get_to(status.lines);
    json.at("rules").get_to(status.rules);
    for (const Json& skipped : json.at("skipped")) {
        status.skipped.push_back(skipped_of(skipped));
    }
    return status;
}

tl::unexpected<Error> not_ours(const std::string& path, std::string_view why) {
    return fail(Errc::Storage, path + ": is not ours: " + std::string(why) +
                                   "; remove it, and all lists are fetched anew");
}

Result<std::string> content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(ListStatusFile::kBytesMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof()) {
        return not_ours(path, "it cannot be read, or is too long");
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace

std::string_view list_outcome_text(ListOutcome outcome) {
    return kOutcomes.at(static_cast<std::size_t>(outcome));
}

void ListStatus::describe(const trackers::ListReport& report) {
    format = list_format_text(report.format);
    lines = report.lines;
    rules = report.taken();
    skipped.clear();
    for (std::size_t i = 0; i < trackers::kSkipKinds; ++i) {
        const trackers::SkippedLines& kind = report.skipped.at(i);
        if (kind.count > 0) {
            const auto which = trackers::SkipKind{static_cast<std::uint8_t>(i)};
            skipped.push_back(
                {std::string(skip_kind_text(which)), kind.count, kind.example_line, kind.example});
        }
    }
}

Result<std::vector<ListStatus>> ListStatusFile::read() const {
    std::error_code ignored;
    if (!std::filesystem::exists(path_, ignored)) {
        return std::vector<ListStatus>{};
    }
    const std::string text = SPORVAKT_TRY(content_of(path_));
    std::vector<ListStatus> all;
    try {
        const Json document = Json::parse(text);
        for (const Json& one : document.at("lists")) {
            all.push_back(status_of(one));
        }
    } catch (const std::exception& fault) {  // the library's, or value()'s where a time is none
        return not_ours(path_, fault.what());
    }
    return all;
}

Result<void> ListStatusFile::write(const std::vector<ListStatus>& all) const {
    Json lists = Json::array();
    for (const ListStatus& status : all) {
        lists.push_back(json_of(status));
    }
    const Json document{{"lists", lists}};
    // An example is a line of a stranger's file: what is no UTF-8 in it is replaced.
    return replace_file(path_, document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace sporvakt::firmware
