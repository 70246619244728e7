#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// A list of somebody else's that a household can turn on, as share/sporvakt/lists.tsv describes
/// it.  Facts only: nothing is fetched because it stands there.
struct KnownList {
    std::string id;    ///< a-z, 0-9 and '-'; what `[lists] subscriptions` names, and verdicts too.
    std::string name;  ///< "AdAway"
    std::string url;   ///< Where it is fetched; fault_of_list_url() has nothing against it.
    std::string format;                  ///< The words of list_format_text().
    std::string licence;                 ///< As its maker states it.
    std::optional<std::uint64_t> bytes;  ///< Of the file, about; nothing: nobody has measured it.
    std::vector<std::string> purposes;   ///< See is_list_purpose(); at least one.
    std::string language;                ///< ISO 639-1, several with commas; "any".
    std::string homepage;
};

/// The id of a Purpose, or what only lists are for: "malware", "doh-bypass" (ways around the
/// resolver), "disguise" (trackers behind a site's own name).
bool is_list_purpose(std::string_view id);

/// All that is known.  A value; const members may be called from several threads.
class ListRegistry {
public:
    static constexpr std::string_view kShareFile = "lists.tsv";

    /// The file's text.  Fails on the first row that breaks the file's rules, with `name` and line:
    /// fields by tabs, ids and URLs once, HTTPS alone, known formats and purposes, and no licence
    /// that excludes commercial use, which schools and offices could not keep to.
    static Result<ListRegistry> parse(std::string_view text, std::string_view name);

    /// The same for a file.
    static Result<ListRegistry> read(const std::string& path);

    [[nodiscard]] const KnownList* find(std::string_view id) const;

    /// In the order of the file.
    [[nodiscard]] const std::vector<KnownList>& lists() const { return lists_; }

private:
    std::vector<KnownList> lists_;
};

}  // namespace sporvakt::firmware
