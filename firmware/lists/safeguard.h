#pragma once

#include "core/base/result.h"
#include "core/trackers/list_compiler.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// A name that no list from the network may block by itself: share/sporvakt/protected-sites.txt.
struct ProtectedSite {
    bool is_needed = false;  ///< Machines break without it; else a place that many people visit.
    std::string name;
};

/// Reads the file.  Fails, and names the line, on a kind that is unknown, a name that is none, and
/// one that stands there twice.
Result<std::vector<ProtectedSite>> read_protected_sites(const std::string& path);
constexpr std::string_view kProtectedSitesFile = "protected-sites.txt";

/// Keeps what came from the network from doing harm, whoever sent it.  One thread.
class Safeguard {
public:
    /// A list about one company ("all of Facebook") may well block a few of its sites.
    static constexpr std::size_t kSitesBlockedMax = 5;
    /// Smaller lists may shrink as they like.
    static constexpr std::uint64_t kRulesForShrinking = 20;

    explicit Safeguard(std::vector<ProtectedSite> sites) : sites_(std::move(sites)) {}

    /// Reads the file as a list, alone, and says what is in it.  Fails, in words for the owner,
    /// when it is no list (a page of HTML, bytes), holds no rule, holds less than half of
    /// `rules_before` (nothing: there is none before, or the owner is content with less), blocks a
    /// name that machines need, or more than kSitesBlockedMax of the sites that people visit.
    ///
    /// `scratch` is the path of a file that this writes meanwhile, and removes.
    [[nodiscard]] Result<trackers::ListReport> examine(const std::string& path,
                                                       std::optional<std::uint64_t> rules_before,
                                                       const std::string& scratch) const;

private:
    [[nodiscard]] Result<void> check_sites(const std::string& path) const;

    std::vector<ProtectedSite> sites_;
};

}  // namespace sporvakt::firmware
