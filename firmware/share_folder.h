#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace sporvakt::firmware {

/// The path of a file that comes with the program: ../share/sporvakt/NAME from the executable, in a
/// build tree as where it is installed.  Says nothing about whether the file is there.  Fails where
/// /proc is not mounted.
Result<std::string> share_file(std::string_view name);

/// What the program knows without any list of the household's.
constexpr std::string_view kBuiltInCatalogue = "catalogue.mdb";

/// What it knows besides: the files of core/knowledge/facts.
constexpr std::string_view kKnowledgeFolder = "knowledge";

}  // namespace sporvakt::firmware
