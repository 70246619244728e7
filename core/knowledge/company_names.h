#pragma once

#include "core/base/result.h"
#include "core/trackers/catalogue.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sporvakt::knowledge {

using Catalogues = std::span<const std::shared_ptr<const trackers::Catalogue>>;

/// What people call a company besides its name ("Facebook"), in lower case, to its slug.
using Aliases = std::map<std::string, std::string, std::less<>>;

/// Reads core/trackers/facts/aliases.txt, as it is shipped.  Fails, and names the line, when a row
/// says nothing or an alias stands twice.
Result<Aliases> read_aliases(const std::string& path);

/// Who is meant: by slug, else name, else alias, else a part of the name before or in parentheses
/// ("Twitter" of "X (Twitter)"), else as a domain whose company is known.  In any letter case.
/// Views live as long as the catalogues.
std::optional<trackers::Company> find_company(Catalogues catalogues, const Aliases& aliases,
                                              std::string_view written);

}  // namespace sporvakt::knowledge
