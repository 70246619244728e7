#pragma once

#include "core/base/result.h"
#include "core/knowledge/company_names.h"
#include "core/knowledge/decisions.h"
#include "core/knowledge/sensitive_sites.h"

#include <string>
#include <vector>

namespace sporvakt::knowledge {

/// What Sporvakt knows besides the catalogue, from the files of core/knowledge/facts and
/// the aliases beside the companies.  A value; read once by whoever shows it, and small: some
/// hundred rows.
struct Knowledge {
    std::vector<Decision> decisions;
    Aliases aliases;
    SensitiveSites sensitive_sites;
};

/// Reads all of it from a folder.  Fails, and names the file and line, when any of it is wrong.
Result<Knowledge> read_knowledge(const std::string& folder);

}  // namespace sporvakt::knowledge
