#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::trackers {

/// Why a word of a list is not a name that a rule may have.
enum class NameFault : std::uint8_t {
    NotAName,  ///< Not a host name, or longer than one may be.
    Address,   ///< An IP address: lists of names say nothing about those.
    TooBroad,  ///< A public suffix, of the private section too, or no registrable part at all.
};

/// A name as a catalogue keeps it: lower case, A-labels (IDNA 2008, libidn2), no trailing dot.
/// Letters, digits, '-' and '_' only, which is what lists contain.  Never TooBroad.
Expected<std::string, NameFault> catalogue_name(std::string_view written);

/// The same for the name of a rule, which must not be a public suffix.
Expected<std::string, NameFault> rule_name(std::string_view written);

/// Whether the name ends in a top-level domain that exists; "x.js" does not.
bool has_known_ending(const std::string& name);

/// An international name in A-labels (IDNA 2008, TR46 mapped); ASCII as it is.  Empty when libidn2
/// refuses it.
std::string to_a_labels(std::string_view written);

/// localhost, broadcasthost and the like, which hosts files map for their own machine.
bool is_own_machine(std::string_view written);

}  // namespace sporvakt::trackers
