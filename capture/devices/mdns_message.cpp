#include "capture/devices/mdns_message.h"

#include "core/base/ascii.h"
#include "core/base/record_type.h"
#include "core/devices/device_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::size_t kNameBytesMax = 254;  // RFC 1035 §2.3.4, without the end
constexpr std::uint16_t kFlagResponse = 0x8000;
constexpr std::uint16_t kClassInternet = 1;
constexpr std::uint16_t kClassMask = 0x7fff;  // the rest is the cache-flush bit (RFC 6762 §10.2)
constexpr std::size_t kAddressCountMax = 32;

using Labels = std::vector<std::string_view>;

struct Record {
    Labels owner;
    RecordType type{};
    std::uint16_t record_class = 0;
    std::uint32_t ttl = 0;
    Bytes data;
    Labels target;  ///< Of PTR only.
};

/// Reads a DNS message front to back; names may point to what came before.
class MessageReader {
public:
    explicit MessageReader(Bytes message) : message_(message), rest_(message) {}

    Parsed<std::uint16_t> u16() { return rest_.u16(); }

    /// RFC 1035 §4.1.4, as raw labels: mDNS names are UTF-8 and may hold dots (RFC 6763 §4.1.1).
    Parsed<Labels> name() {
        const std::size_t start = message_.size() - rest_.remaining();
        std::size_t end = start;
        Labels labels = SPORVAKT_TRY(name_at(start, end));
        SPORVAKT_TRY(rest_.take(end - start));
        return labels;
    }

    Parsed<void> skip_question() {
        SPORVAKT_TRY(name());
        SPORVAKT_TRY(rest_.u32());
        return {};
    }

    Parsed<Record> record() {
        Record record;
        record.owner = SPORVAKT_TRY(name());
        record.type = static_cast<RecordType>(SPORVAKT_TRY(rest_.u16()));
        record.record_class = SPORVAKT_TRY(rest_.u16());
        record.ttl = SPORVAKT_TRY(rest_.u32());
        record.data = SPORVAKT_TRY(rest_.take_vector16());
        if (record.type == RecordType::Ptr) {
            std::size_t end = message_.size() - rest_.remaining() - record.data.size();
            record.target = SPORVAKT_TRY(name_at(end, end));
        }
        return record;
    }

private:
    /// Labels up to the end of a name, or up to a pointer to where it goes on.
    struct Run {
        std::size_t end = 0;
        std::optional<std::size_t> target;
    };

    /// `end` becomes the offset behind the name's own bytes.
    Parsed<Labels> name_at(std::size_t start, std::size_t& end) const {
        Labels labels;
        std::size_t room = kNameBytesMax;
        Run run = SPORVAKT_TRY(read_run(start, labels, room));
        end = run.end;
        for (std::size_t jumps = 0; run.target; ++jumps) {
            if (*run.target >= start || jumps == kMdnsJumpCountMax) {
                return tl::unexpected(ParseError::Malformed);  // it might never end
            }
            start = *run.target;
            run = SPORVAKT_TRY(read_run(start, labels, room));
        }
        return labels;
    }

    /// `room` is how many bytes the name may still have.
    Parsed<Run> read_run(std::size_t start, Labels& labels, std::size_t& room) const {
        constexpr std::uint8_t kKind = 0xc0;
        ByteReader reader(message_.subspan(start));
        while (true) {
            const std::uint8_t head = SPORVAKT_TRY(reader.u8());
            if ((head & kKind) == kKind) {
                const std::size_t low = SPORVAKT_TRY(reader.u8());
                const std::size_t high = head & 0x3fU;
                return Run{message_.size() - reader.remaining(), high << 8U | low};
            }
            if (head == 0) {
                return Run{message_.size() - reader.remaining(), std::nullopt};
            }
            if ((head & kKind) != 0 || head >= room) {
                return tl::unexpected(ParseError::Malformed);
            }
            labels.push_back(as_text(SPORVAKT_TRY(reader.take(head))));
            room -= head + std::size_t{1};
        }
    }

    Bytes message_;
    ByteReader rest_;
};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
    return std::any_of(words.begin(), words.end(), [word](std::string_view other) {
        return equals_ignoring_case(word, other);
    });
}

// Services whose instances people name, or that take the device's own name.
constexpr std::array<std::string_view, 20> kNamedByPeople{"_airplay",
                                                          "_androidtvremote2",
                                                          "_companion-link",
                                                          "_device-info",
                                                          "_hap",
                                                          "_homekit",
                                                          "_http",
                                                          "_ipp",
                                                          "_ipps",
                                                          "_pdl-datastream",
                                                          "_printer",
                                                          "_raop",
                                                          "_rfb",
                                                          "_scanner",
                                                          "_sftp-ssh",
                                                          "_smb",
                                                          "_sonos",
                                                          "_ssh",
                                                          "_uscan",
                                                          "_workstation"};

// Services whose instances are numbers, or speak of other devices.
constexpr std::array<std::string_view, 10> kNamedByMachines{
    "_adb",    "_adb-tls-connect", "_amzn-wplay", "_apple-mobdev2", "_googlecast",
    "_matter", "_matterc",         "_meshcop",    "_sleep-proxy",   "_trel"};

/// "b3c9f2e1-5d1c-...", "BEEF0123CAFE": eight or more hexadecimal digits in a row, a number too.
bool is_made_by_machine(std::string_view name) {
    constexpr std::size_t kRunMin = 8;
    std::size_t run = 0;
    bool has_number = false;
    for (const char c : name) {
        const bool is_number = c >= '0' && c <= '9';
        const bool is_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        run = is_number || is_letter ? run + 1 : 0;
        has_number = run != 0 && (has_number || is_number);
        if (run >= kRunMin && has_number) {
            return true;
        }
    }
    return false;
}

// Of Chromecasts and Matter things, of Apple's _device-info, of AirPlay speakers, of printers.
constexpr std::array<std::string_view, 4> kModelKeys{"md", "model", "am", "ty"};

/// How much a name is worth; more wins.  A name of no rank is not taken.
enum class Rank : std::uint8_t { None, HostName, Service, NamedService, FriendlyName };

class Collector {
public:
    void take(const Record& record) {
        constexpr std::uint32_t kGoodbye = 0;
        if (record.ttl == kGoodbye || (record.record_class & kClassMask) != kClassInternet) {
            return;
        }
        offer_instance(record.owner);
        offer_instance(record.target);
        if (record.type == RecordType::A || record.type == RecordType::Aaaa) {
            take_address(record);
        } else if (record.type == RecordType::Txt) {
            take_text(record);
        }
    }

    [[nodiscard]] MdnsAnnouncement result() && { return std::move(announcement_); }

private:
    void offer(Rank rank, std::string_view name) {
        if (rank <= rank_ || is_made_by_machine(name)) {
            return;
        }
        std::string clean = devices::clean_name(name);
        if (!clean.empty()) {
            rank_ = rank;
            announcement_.name = std::move(clean);
        }
    }

    /// INSTANCE._service._tcp.local (RFC 6763 §4.1)
    void offer_instance(const Labels& name) {
        if (name.size() != 4 || !is_one_of<2>(name[2], {"_tcp", "_udp"}) ||
            name[0].starts_with('_')) {
            return;
        }
        add_service(name[1]);
        if (is_one_of(name[1], kNamedByMachines)) {
            return;
        }
        std::string_view instance = name[0];
        // "BEEF0123CAFE@Stua" (AirPlay, Sonos) and "server [3c:22:fb:12:34:01]" (Avahi).
        instance.remove_prefix(instance.find('@') + 1);
        instance = instance.substr(0, instance.find(" ["));
        offer(is_one_of(name[1], kNamedByPeople) ? Rank::NamedService : Rank::Service, instance);
    }

    void add_service(std::string_view name) {
        const std::string service = devices::clean_name(name);
        std::vector<std::string>& services = announcement_.services;
        if (services.size() < kMdnsServiceCountMax && !service.empty() &&
            std::find(services.begin(), services.end(), service) == services.end()) {
            services.push_back(service);
        }
    }

    void take_address(const Record& record) {
        const auto address = IpAddress::from_bytes(record.data);
        const bool fits =
            address && (address->family() == IpFamily::V4) == (record.type == RecordType::A);
        if (!fits || record.owner.size() != 2 || !equals_ignoring_case(record.owner[1], "local")) {
            return;
        }
        if (announcement_.addresses.size() < kAddressCountMax) {
            announcement_.addresses.push_back(*address);
        }
        offer(Rank::HostName, record.owner[0]);
    }

    /// KEY=VALUE (RFC 6763 §6.3).  Chromecasts keep the name that people gave them in "fn".
    void take_text(const Record& record) {
        ByteReader strings(record.data);
        while (const auto text = strings.take_vector8()) {
            const std::string_view pair = as_text(*text);
            const std::string_view key = pair.substr(0, pair.find('='));
            const std::string_view value = pair.substr(std::min(key.size() + 1, pair.size()));
            if (equals_ignoring_case(key, "fn")) {
                offer(Rank::FriendlyName, value);
            } else if (is_one_of(key, kModelKeys) && announcement_.model.empty()) {
                announcement_.model = devices::clean_name(value);
            }
        }
    }

    Rank rank_ = Rank::None;
    MdnsAnnouncement announcement_;
};

}  // namespace

Parsed<MdnsAnnouncement> parse_mdns(Bytes message) {
    MessageReader reader(message);
    SPORVAKT_TRY(reader.u16());  // id
    const bool is_response = (SPORVAKT_TRY(reader.u16()) & kFlagResponse) != 0;
    const std::size_t questions = SPORVAKT_TRY(reader.u16());
    const std::size_t answers = SPORVAKT_TRY(reader.u16());
    const std::size_t authorities = SPORVAKT_TRY(reader.u16());
    const std::size_t additionals = SPORVAKT_TRY(reader.u16());
    if (questions > kMdnsRecordCountMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    for (std::size_t i = 0; i < questions; ++i) {
        SPORVAKT_TRY(reader.skip_question());
    }
    Collector collector;
    const std::size_t count = std::min(answers + authorities + additionals, kMdnsRecordCountMax);
    for (std::size_t i = 0; i < count; ++i) {
        const Record record = SPORVAKT_TRY(reader.record());
        const bool is_authority = i >= answers && i < answers + authorities;
        if (is_response != is_authority) {
            collector.take(record);  // a probe's own records; a response's all others
        }
    }
    return std::move(collector).result();
}

}  // namespace sporvakt::capture
