#include "core/devices/bypass.h"

namespace sporvakt::devices {

std::string_view bypass_text(Bypass bypass) {
    switch (bypass) {
        case Bypass::DnsElsewhere:
            return "dns";
        case Bypass::DnsOverTls:
            return "dot";
        case Bypass::DnsOverQuic:
            return "doq";
        case Bypass::DnsOverHttps:
            return "doh";
        case Bypass::Vpn:
            return "vpn";
        case Bypass::Proxy:
            return "proxy";
        case Bypass::None:
            break;
    }
    return "";
}

}  // namespace sporvakt::devices
