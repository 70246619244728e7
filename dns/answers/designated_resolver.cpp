#include "dns/answers/designated_resolver.h"

#include "core/base/byte_writer.h"
#include "dns/message/answer_writer.h"
#include "dns/tls/alpn.h"
#include "dns/tls/tls_certificate.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace sporvakt::dns {
namespace {

// RFC 9460 §14.3.2.
enum class ServiceKey : std::uint16_t { Alpn = 1, Port = 3, Ipv4Hint = 4, Ipv6Hint = 6 };

constexpr std::uint16_t kServiceMode = 1;  // any priority but 0 (RFC 9460 §2.4.1)

void append_parameter(ByteWriter& data, ServiceKey key, Bytes value) {
    data.u16(static_cast<std::uint16_t>(key)).u16(static_cast<std::uint16_t>(value.size()));
    data.bytes(value);
}

// Parameters in the order of their numbers (RFC 9460 §2.2).
std::vector<std::uint8_t> service_binding(const Endpoint& service) {
    ByteWriter data;
    data.u16(kServiceMode).bytes(WireName(kResolverName).bytes());
    append_parameter(data, ServiceKey::Alpn, kAlpnDot);
    append_parameter(data, ServiceKey::Port, ByteWriter().u16(service.port).result());
    append_parameter(
        data,
        service.address.family() == IpFamily::V4 ? ServiceKey::Ipv4Hint : ServiceKey::Ipv6Hint,
        service.address.bytes());
    return data.result();
}

}  // namespace

bool asks_for_designation(const Query& query) {
    return query.type() == RecordType::Svcb && query.name() == "_dns.resolver.arpa";
}

std::size_t write_designation(std::span<std::uint8_t> out, const Query& query,
                              const IpAddress& asked, std::span<const Endpoint> tls) {
    const auto listens = [&](const Endpoint& endpoint) {
        return endpoint.address == asked ||
               (endpoint.address.is_unspecified() && endpoint.address.family() == asked.family());
    };
    const auto found = std::find_if(tls.begin(), tls.end(), listens);
    if (found == tls.end() || asked.is_unspecified()) {
        return 0;
    }
    return AnswerWriter(out, query)
        .service(service_binding({asked, found->port}), kDesignationTtl)
        .finish();
}

}  // namespace sporvakt::dns
