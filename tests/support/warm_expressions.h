#pragma once

#include "core/trackers/name_expressions.h"

namespace sporvakt::test {

/// RE2 makes a few things on first use and keeps them; made before the tests, they are nobody's
/// leak.  Including this is enough.
inline const bool kExpressionsAreWarm = trackers::NameExpressions::fault_of("(").has_value();

}  // namespace sporvakt::test
