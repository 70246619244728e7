#include "capture/dns_answers.h"

#include "capture/client_hello.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::chrono::hours kRemembered{24};
constexpr std::chrono::seconds kTtlMax = kRemembered;  // whatever a server claims
constexpr std::size_t kAddressesMax = 64;
constexpr std::size_t kRecordsMax = 256;
constexpr std::size_t kFrontsMax = 16;           // each is looked up among all that are known
constexpr std::uint16_t kNameError = 3;          // RFC 1035 §4.1.1
constexpr std::uint16_t kParameterIpv4Hint = 4;  // RFC 9460 §14.3.2
constexpr std::uint16_t kParameterEch = 5;       // RFC 9848
constexpr std::uint16_t kParameterIpv6Hint = 6;  // RFC 9460 §14.3.2
constexpr std::uint16_t kEncryptedHelloVersion = 0xfe0d;  // RFC 9849 §4

/// Walks a name's labels through its compression pointers (RFC 1035 §4.1.4).  A pointer may only
/// lead backwards of where its part began, so the walk ends.
class NameWalk {
public:
    NameWalk(ByteReader& reader, Bytes message)
        : part_(reader),
          after_(reader),
          message_(message),
          barrier_(message.size() - reader.remaining()) {}

    /// False at the end of the name.
    Parsed<bool> step() {
        const std::uint8_t length = SPORVAKT_TRY(part_.u8());
        if ((length & kPointer) == kPointer) {
            SPORVAKT_TRY(jump(length));
            return true;
        }
        if ((length & kPointer) != 0 || name_.size() > DomainName::kMaxLength) {
            return tl::unexpected(ParseError::Malformed);
        }
        const std::string_view label = as_text(SPORVAKT_TRY(part_.take(length)));
        if (label.find('.') != std::string_view::npos) {
            return tl::unexpected(ParseError::Malformed);  // "a.b" as one label is no name a.b
        }
        if (!is_elsewhere_) {
            after_ = part_;
        }
        name_.append(name_.empty() || label.empty() ? "" : ".").append(label);
        return !label.empty();
    }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] ByteReader after() const { return after_; }

private:
    static constexpr unsigned kPointer = 0xc0;

    Parsed<void> jump(unsigned length) {
        const std::size_t target = ((length & 0x3fU) << 8U) | SPORVAKT_TRY(part_.u8());
        if (target >= barrier_) {
            return tl::unexpected(ParseError::Malformed);
        }
        if (!is_elsewhere_) {
            after_ = part_;
        }
        is_elsewhere_ = true;
        barrier_ = target;
        part_ = ByteReader(message_.subspan(target));
        return {};
    }

    ByteReader part_;   ///< What is being read.
    ByteReader after_;  ///< Behind the name where it began.
    Bytes message_;
    std::size_t barrier_;
    bool is_elsewhere_ = false;
    std::string name_;
};

/// Takes a name, leaves `reader` behind its first part.
Parsed<std::string> take_name(ByteReader& reader, Bytes message) {
    NameWalk walk(reader, message);
    while (SPORVAKT_TRY(walk.step())) {
    }
    reader = walk.after();
    return walk.name();
}

/// The public_name of each configuration in an ECHConfigList (RFC 9849 §4).
Parsed<void> read_public_names(Bytes list, std::vector<DomainName>& names) {
    ByteReader outer(list);
    ByteReader configurations(SPORVAKT_TRY(outer.take_vector16()));
    while (!configurations.at_end() && names.size() < kFrontsMax) {
        const std::uint16_t version = SPORVAKT_TRY(configurations.u16());
        ByteReader content(SPORVAKT_TRY(configurations.take_vector16()));
        if (version != kEncryptedHelloVersion) {
            continue;
        }
        SPORVAKT_TRY(content.take(1 + 2));      // config_id, kem_id
        SPORVAKT_TRY(content.take_vector16());  // public_key
        SPORVAKT_TRY(content.take_vector16());  // cipher_suites
        SPORVAKT_TRY(content.u8());             // maximum_name_length
        names.push_back(SPORVAKT_TRY(parse_host_name(SPORVAKT_TRY(content.take_vector8()))));
    }
    return {};
}

class ReplyReader {
public:
    explicit ReplyReader(Bytes message) : message_(message), reader_(message) {}

    Parsed<DnsReply> read();

private:
    Parsed<void> read_record(DnsReply& reply);
    Parsed<void> read_service(Bytes record_data, DnsReply& reply);
    Parsed<void> add_addresses(Bytes packed, std::size_t length, DnsReply& reply);

    Bytes message_;
    ByteReader reader_;
};

Parsed<DnsReply> ReplyReader::read() {
    SPORVAKT_TRY(reader_.u16());  // id
    const std::uint16_t flags = SPORVAKT_TRY(reader_.u16());
    const std::uint16_t questions = SPORVAKT_TRY(reader_.u16());
    const std::size_t answers = SPORVAKT_TRY(reader_.u16());
    SPORVAKT_TRY(reader_.u32());  // authority and additional
    constexpr std::uint16_t kIsReply = 0x8000;
    constexpr std::uint16_t kOpcode = 0x7800;
    constexpr std::uint16_t kResponseCode = 0x000f;
    if ((flags & kIsReply) == 0 || (flags & kOpcode) != 0 || questions != 1) {
        return tl::unexpected(ParseError::Malformed);
    }
    const std::string name = SPORVAKT_TRY(take_name(reader_, message_));
    DnsReply reply{SPORVAKT_TRY(parse_host_name(as_bytes(name))), {}, {}, {}, false, kTtlMax};
    reply.type = static_cast<RecordType>(SPORVAKT_TRY(reader_.u16()));
    SPORVAKT_TRY(reader_.u16());  // class
    for (std::size_t count = 0; count < std::min(answers, kRecordsMax); ++count) {
        if (!read_record(reply)) {
            break;  // a reply cut short still tells what came before
        }
    }
    const bool is_null = !reply.addresses.empty() &&
                         std::all_of(reply.addresses.begin(), reply.addresses.end(),
                                     [](const IpAddress& a) { return a.is_unspecified(); });
    reply.is_refusal = is_null || (flags & kResponseCode) == kNameError;
    return reply;
}

Parsed<void> ReplyReader::read_record(DnsReply& reply) {
    SPORVAKT_TRY(take_name(reader_, message_));
    const auto type = static_cast<RecordType>(SPORVAKT_TRY(reader_.u16()));
    SPORVAKT_TRY(reader_.u16());  // class
    const std::chrono::seconds ttl{SPORVAKT_TRY(reader_.u32())};
    reply.ttl = std::min(reply.ttl, ttl);
    const Bytes record_data = SPORVAKT_TRY(reader_.take_vector16());
    if (type == RecordType::A) {
        return add_addresses(record_data, 4, reply);
    }
    if (type == RecordType::Aaaa) {
        return add_addresses(record_data, 16, reply);
    }
    if (type == RecordType::Https || type == RecordType::Svcb) {
        // What a service record gets wrong concerns only itself.
        static_cast<void>(read_service(record_data, reply));
    }
    return {};
}

Parsed<void> ReplyReader::add_addresses(Bytes packed, std::size_t length, DnsReply& reply) {
    ByteReader reader(packed);
    while (!reader.at_end() && reply.addresses.size() < kAddressesMax) {
        reply.addresses.push_back(
            SPORVAKT_TRY(IpAddress::from_bytes(SPORVAKT_TRY(reader.take(length)))));
    }
    return {};
}

Parsed<void> ReplyReader::read_service(Bytes record_data, DnsReply& reply) {
    ByteReader reader(record_data);
    SPORVAKT_TRY(reader.u16());                    // priority
    SPORVAKT_TRY(take_name(reader, record_data));  // target: never compressed (RFC 9460 §2.2)
    while (!reader.at_end()) {
        const std::uint16_t key = SPORVAKT_TRY(reader.u16());
        const Bytes value = SPORVAKT_TRY(reader.take_vector16());
        if (key == kParameterIpv4Hint) {
            SPORVAKT_TRY(add_addresses(value, 4, reply));
        } else if (key == kParameterIpv6Hint) {
            SPORVAKT_TRY(add_addresses(value, 16, reply));
        } else if (key == kParameterEch) {
            SPORVAKT_TRY(read_public_names(value, reply.public_names));
        }
    }
    return {};
}

}  // namespace

Parsed<DnsReply> parse_dns_reply(Bytes message) {
    return ReplyReader(message).read();
}

void DnsAnswers::learn(const devices::DeviceId& client, const DnsReply& reply, Timestamp at) {
    const NamePool::Name question = names_.take(reply.question.text());
    for (const IpAddress& address : reply.addresses) {
        if (!address.is_unspecified()) {
            remember(client, address, {question, at, at + reply.ttl + kGrace});
        }
    }
    for (const DomainName& name : reply.public_names) {
        if (!is_public_name(name.text()) && name != reply.question) {
            public_names_.push_front(name.text());
        }
    }
    if (public_names_.size() > kPublicNamesMax) {
        public_names_.resize(kPublicNamesMax);
    }
}

void DnsAnswers::remember(const devices::DeviceId& client, const IpAddress& address, Name name) {
    Names& names = answers_.at(client, address);
    std::erase_if(names, [&](const Name& other) { return other.text == name.text; });
    names.insert(names.begin(), std::move(name));
    std::size_t cost = 0;
    const auto too_many = std::find_if(names.begin() + 1, names.end(), [&](const Name& other) {
        cost += NamePool::cost_of(other.text.text());
        return cost > kNamesCostMax - NamePool::cost_of(names.front().text.text());
    });
    names.erase(too_many, names.end());
    names.resize(std::min(names.size(), kNamesMax));
    names.shrink_to_fit();
}

std::optional<DnsAnswers::Resolved> DnsAnswers::name_of(const devices::DeviceId& client,
                                                        const IpAddress& address, Timestamp at) {
    const Names* known = answers_.find(client, address);
    if (known == nullptr || at - known->front().at > kRemembered) {
        return std::nullopt;
    }
    const Names& names = *known;
    const auto is_good = [&](const Name& name) { return at <= name.until; };
    const bool is_alone =
        is_good(names.front()) && std::none_of(names.begin() + 1, names.end(), is_good);
    return Resolved{names.front().text, is_alone ? Certainty::Likely : Certainty::Uncertain};
}

bool DnsAnswers::is_public_name(const std::string& name) const {
    // Providers' fronts that are known without having seen their HTTPS records.
    constexpr std::array<std::string_view, 3> kKnownFronts{"cloudflare-ech.com",
                                                           "public.tls-ech.dev", "cover.defo.ie"};
    return std::find(kKnownFronts.begin(), kKnownFronts.end(), name) != kKnownFronts.end() ||
           std::find(public_names_.begin(), public_names_.end(), name) != public_names_.end();
}

}  // namespace sporvakt::capture
