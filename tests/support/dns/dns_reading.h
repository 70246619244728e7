#pragma once

#include "core/base/big_endian.h"
#include "dns/message/wire.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::test {

/// Looks into an answer, for tests.  Every accessor is safe on any bytes.
class DnsReading {
public:
    explicit DnsReading(Bytes message) : bytes_(message.begin(), message.end()) {}

    [[nodiscard]] bool is_message() const { return bytes_.size() >= dns::kHeaderLength; }
    [[nodiscard]] unsigned id() const { return word(0); }
    [[nodiscard]] unsigned flags() const { return word(2); }
    [[nodiscard]] unsigned rcode() const { return word(2) & 0xfU; }
    [[nodiscard]] bool is_truncated() const { return (word(2) & dns::kFlagTruncated) != 0; }
    [[nodiscard]] unsigned answers() const { return word(6); }
    [[nodiscard]] unsigned authorities() const { return word(8); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    /// Every record, whatever its section, OPT included.
    [[nodiscard]] std::vector<dns::RecordPlace> records() const {
        std::vector<dns::RecordPlace> found;
        const auto name_end = dns::end_of_name(bytes_, dns::kHeaderLength);
        std::size_t at = name_end ? *name_end + 4 : bytes_.size();
        while (const auto place = dns::record_at(bytes_, at)) {
            found.push_back(*place);
            at = place->end;
        }
        return found;
    }
    [[nodiscard]] std::optional<dns::RecordPlace> first(unsigned type) const {
        for (const auto& place : records()) {
            if (place.type == type) {
                return place;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] std::vector<std::uint8_t> data_of(unsigned type) const {
        const auto place = first(type);
        return place ? std::vector<std::uint8_t>(bytes_.begin() + offset(place->data_at),
                                                 bytes_.begin() + offset(place->end))
                     : std::vector<std::uint8_t>{};
    }
    /// 0xffffffff when there is no such record.
    [[nodiscard]] std::uint32_t ttl_of(unsigned type) const {
        const auto place = first(type);
        return place ? load32(bytes_, place->ttl_at) : 0xffffffffU;
    }
    [[nodiscard]] std::vector<std::uint8_t> question() const {
        const auto end = dns::end_of_name(bytes_, dns::kHeaderLength);
        return end && *end + 4 <= bytes_.size()
                   ? std::vector<std::uint8_t>(bytes_.begin() + dns::kHeaderLength,
                                               bytes_.begin() + offset(*end + 4))
                   : std::vector<std::uint8_t>{};
    }
    /// The bytes of the first EDNS option with this code; empty without one.
    [[nodiscard]] std::vector<std::uint8_t> option(unsigned code) const {
        const auto options = data_of(41);
        for (std::size_t at = 0; at + 4 <= options.size();) {
            const std::size_t end = std::min(at + 4 + load16(options, at + 2), options.size());
            if (load16(options, at) == code) {
                return {options.begin() + offset(at + 4), options.begin() + offset(end)};
            }
            at = end;
        }
        return {};
    }
    /// With the upper half that EDNS has (RFC 6891 §6.1.3).
    [[nodiscard]] unsigned extended_rcode() const {
        const auto opt = first(41);
        return rcode() | (opt ? unsigned{bytes_[opt->ttl_at]} << 4U : 0U);
    }
    /// Extended error (RFC 8914): its number, 0 without one; and its text.
    [[nodiscard]] unsigned extended_error() const {
        const auto report = option(15);
        return report.size() >= 2 ? load16(report, 0) : 0;
    }
    [[nodiscard]] std::string extended_text() const {
        const auto report = option(15);
        return report.size() > 2 ? std::string(report.begin() + 2, report.end()) : std::string();
    }

private:
    [[nodiscard]] unsigned word(std::size_t at) const {
        return bytes_.size() >= at + 2 ? load16(bytes_, at) : 0;
    }
    static std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

    std::vector<std::uint8_t> bytes_;
};

}  // namespace sporvakt::test
