#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::test {

/// Builds the bytes of a DNS message, so that a test shows only what it is about:
///
///     DnsBuilder::query("shop.example", 1).edns().build()
///     DnsBuilder::reply("shop.example", 1).cname("shop.example", "t.example").build()
///
/// Names are written as given, without compression; the empty name is the root.  Records must come
/// in the order answer, authority, additional.
class DnsBuilder {
public:
    using Octets = std::vector<std::uint8_t>;

    static constexpr std::uint16_t kA = 1;
    static constexpr std::uint16_t kCname = 5;
    static constexpr std::uint16_t kSoa = 6;
    static constexpr std::uint16_t kTxt = 16;
    static constexpr std::uint16_t kAaaa = 28;
    static constexpr std::uint16_t kOpt = 41;
    static constexpr std::uint16_t kRrsig = 46;
    static constexpr std::uint16_t kHttps = 65;
    static constexpr std::uint16_t kAny = 255;

    /// A recursive question.
    static DnsBuilder query(std::string_view name, std::uint16_t type) {
        return DnsBuilder(0x0100).question(name, type);
    }

    /// A recursive server's answer, without records so far.
    static DnsBuilder reply(std::string_view name, std::uint16_t type) {
        return DnsBuilder(0x8180).question(name, type);
    }

    explicit DnsBuilder(std::uint16_t flags) : flags_(flags) {}

    DnsBuilder& id(std::uint16_t id) {
        id_ = id;
        return *this;
    }
    DnsBuilder& flags(std::uint16_t flags) {
        flags_ = flags;
        return *this;
    }
    DnsBuilder& rcode(std::uint16_t rcode) {
        flags_ = static_cast<std::uint16_t>((flags_ & 0xfff0U) | rcode);
        return *this;
    }
    DnsBuilder& question(std::string_view name, std::uint16_t type, std::uint16_t cls = 1) {
        ++questions_;
        append(body_, wire_name(name));
        append16(body_, type);
        append16(body_, cls);
        return *this;
    }

    DnsBuilder& answer(std::string_view name, std::uint16_t type, const Octets& data) {
        ++answers_;
        return record(name, type, data);
    }
    DnsBuilder& authority(std::string_view name, std::uint16_t type, const Octets& data) {
        ++authorities_;
        return record(name, type, data);
    }
    DnsBuilder& additional(std::string_view name, std::uint16_t type, const Octets& data) {
        ++additionals_;
        return record(name, type, data);
    }
    /// The TTL of records that follow.
    DnsBuilder& ttl(std::uint32_t seconds) {
        ttl_ = seconds;
        return *this;
    }

    DnsBuilder& a(std::string_view name, const Octets& address) {
        return answer(name, kA, address);
    }
    DnsBuilder& cname(std::string_view name, std::string_view target) {
        return answer(name, kCname, wire_name(target));
    }
    /// An HTTPS record with one parameter: 4 is ipv4hint, 6 is ipv6hint (RFC 9460 §7.3).
    DnsBuilder& https(std::string_view name, std::string_view target, std::uint16_t key,
                      const Octets& value) {
        Octets data{0, 1};
        append(data, wire_name(target));
        append16(data, key);
        append16(data, value.size());
        append(data, value);
        return answer(name, kHttps, data);
    }
    DnsBuilder& soa(std::string_view zone, std::uint32_t minimum) {
        Octets data = wire_name("ns." + std::string(zone));
        append(data, wire_name("admin." + std::string(zone)));
        for (const std::uint32_t field : {1U, 3600U, 600U, 86400U, minimum}) {
            append16(data, field >> 16U);
            append16(data, field & 0xffffU);
        }
        return authority(zone, kSoa, data);
    }
    /// What the client takes over UDP, and the upper half of the flags: 0x8000 is DO.
    DnsBuilder& edns(std::uint16_t udp_size = 1232, std::uint32_t flags = 0,
                     const Octets& options = {}) {
        ++additionals_;
        body_.push_back(0);
        append16(body_, kOpt);
        append16(body_, udp_size);
        append16(body_, flags >> 16U);
        append16(body_, flags & 0xffffU);
        append16(body_, options.size());
        append(body_, options);
        return *this;
    }

    [[nodiscard]] Octets build() const {
        Octets message;
        for (const std::uint16_t word :
             {id_, flags_, questions_, answers_, authorities_, additionals_}) {
            append16(message, word);
        }
        append(message, body_);
        return message;
    }

    static Octets wire_name(std::string_view name) {
        Octets wire;
        while (!name.empty()) {
            const std::string_view label = name.substr(0, name.find('.'));
            wire.push_back(static_cast<std::uint8_t>(label.size()));
            wire.insert(wire.end(), label.begin(), label.end());
            name.remove_prefix(label.size() == name.size() ? label.size() : label.size() + 1);
        }
        wire.push_back(0);
        return wire;
    }

private:
    DnsBuilder& record(std::string_view name, std::uint16_t type, const Octets& data) {
        append(body_, wire_name(name));
        append16(body_, type);
        append16(body_, 1);
        append16(body_, ttl_ >> 16U);
        append16(body_, ttl_ & 0xffffU);
        append16(body_, data.size());
        append(body_, data);
        return *this;
    }
    static void append16(Octets& to, std::size_t value) {
        to.push_back(static_cast<std::uint8_t>(value >> 8U));
        to.push_back(static_cast<std::uint8_t>(value));
    }
    static void append(Octets& to, const Octets& bytes) {
        to.insert(to.end(), bytes.begin(), bytes.end());
    }

    std::uint16_t id_ = 0x1234;
    std::uint16_t flags_;
    std::uint16_t questions_ = 0;
    std::uint16_t answers_ = 0;
    std::uint16_t authorities_ = 0;
    std::uint16_t additionals_ = 0;
    std::uint32_t ttl_ = 300;
    Octets body_;
};

}  // namespace sporvakt::test
