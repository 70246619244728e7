#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::dns {

/// A device's name as labels of host names, the best first: "Kari sin telefon" is
/// kari-sin-telefon; "Bjørns TV" is bjorns-tv, and as an A-label (IDNA 2008) xn--bjrns-tv-64a, for
/// that is what a browser asks when one types ø.
///
/// `name` is what people or strangers wrote: any bytes.  Empty when no letter or digit is left.
/// Labels are lower case, 1..63 characters of a-z, 0-9 and '-', without '-' at the ends.
std::vector<std::string> device_labels(std::string_view name);

}  // namespace sporvakt::dns
