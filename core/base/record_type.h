#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt {

/// A DNS resource record type (RFC 1035 §3.2.2 and the IANA registry).  Any 16-bit number is valid;
/// those named here are the ones that we treat in a way of their own.
enum class RecordType : std::uint16_t {
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Ds = 43,
    Svcb = 64,
    Https = 65,
    Any = 255,
};

/// "A", "HTTPS", or "TYPE1234" (RFC 3597 §5) for types that we do not name.
std::string record_type_text(RecordType type);

/// The same names in any letter case; empty for anything else.
std::optional<RecordType> record_type_from_text(std::string_view text);

}  // namespace sporvakt
