#pragma once

#include "dns/answers/blocking.h"
#include "dns/answers/special_names.h"

namespace sporvakt::dns {

/// What the household decides about answers; docs/configuration.md has the keys.  A value.
struct AnswerSettings {
    CanaryNames canary_names;
    BlockingMode blocking;

    friend bool operator==(const AnswerSettings&, const AnswerSettings&) = default;
};

}  // namespace sporvakt::dns
