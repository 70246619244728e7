#pragma once

#include "core/base/mac_address.h"
#include "core/base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::devices {

/// Who made a network card, by the first 24, 28 or 36 bits of its address (IEEE MA-L, MA-M, MA-S).
///
/// Reads share/sporvakt/vendors.tsv in place: lines "3C22FB<tab>Apple, Inc.", sorted by their
/// bytes.  Immutable and thread-safe; a file with faults gives no answer or a wrong name, never
/// more.  Format: docs/storage-format.md, "vendors.tsv".
class VendorPrefixes {
public:
    static Result<std::shared_ptr<const VendorPrefixes>> open(const std::string& path);

    VendorPrefixes(const VendorPrefixes&) = delete;
    VendorPrefixes& operator=(const VendorPrefixes&) = delete;
    VendorPrefixes(VendorPrefixes&&) = delete;
    VendorPrefixes& operator=(VendorPrefixes&&) = delete;
    ~VendorPrefixes();

    /// The view lives as long as this object.  Nothing for a MAC that its device made up.
    [[nodiscard]] std::optional<std::string_view> vendor_of(const MacAddress& mac) const;

private:
    explicit VendorPrefixes(std::string_view mapped) : lines_(mapped) {}

    std::string_view lines_;  ///< The mapped file; unmapped by the destructor.
};

}  // namespace sporvakt::devices
