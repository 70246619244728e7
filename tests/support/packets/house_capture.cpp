#include "tests/support/packets/house_capture.h"

#include "tests/support/conversation.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/packets/quic_builder.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <random>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::test {
namespace {

constexpr std::uint32_t kDevices = 30;
constexpr std::uint32_t kSites = 4000;
constexpr std::size_t kFlowsAtATime = 400;
constexpr std::size_t kFirstSegment = 1448;
constexpr std::string_view kGatewayMac = "dc:a6:32:77:00:01";

enum class Kind : std::uint8_t { Dns, Tls, ChromiumTls, Quic, Http, Game };

/// In hundredths of all flows.
Kind kind_of(std::uint32_t hundredth) {
    if (hundredth < 30) {
        return Kind::Dns;
    }
    if (hundredth < 48) {
        return Kind::Tls;
    }
    if (hundredth < 75) {
        return Kind::ChromiumTls;
    }
    if (hundredth < 95) {
        return Kind::Quic;
    }
    return hundredth < 97 ? Kind::Http : Kind::Game;
}

std::string_view transport_of(Kind kind) {
    switch (kind) {
        case Kind::Tls:
        case Kind::ChromiumTls:
            return "tls";
        case Kind::Quic:
            return "quic";
        case Kind::Http:
            return "http";
        case Kind::Dns:
        case Kind::Game:
            break;
    }
    return "";
}

/// One flow: packets that come once, then data that is repeated.
struct Script {
    std::deque<Octets> opening;
    Octets down;
    Octets up;
    std::uint32_t data = 0;  ///< Data packets still to come.
    Octets closing;
};

struct Ends {
    std::string device;
    std::string server;
    MacPair up;  ///< Views of what the House keeps.
    std::uint16_t port = 0;
    bool is_v6 = false;
};

Octets in_ip(const Ends& ends, bool is_up, std::uint8_t protocol, const Octets& payload) {
    IpFields fields;
    fields.source = is_up ? ends.device : ends.server;
    fields.destination = is_up ? ends.server : ends.device;
    fields.protocol = protocol;
    const MacPair macs = is_up ? ends.up : MacPair{ends.up.destination, ends.up.source};
    return ends.is_v6 ? ethernet(capture::kEthertypeIpv6, ipv6(fields, payload), macs)
                      : ethernet(capture::kEthertypeIpv4, ipv4(fields, payload), macs);
}

Octets datagram(const Ends& ends, bool is_up, std::uint16_t server_port, const Octets& payload) {
    const Ports ports = is_up ? Ports{ends.port, server_port} : Ports{server_port, ends.port};
    return in_ip(ends, is_up, capture::kProtocolUdp, udp(ports, payload));
}

class House {
public:
    explicit House(const HousePlan& plan) : plan_(plan), random_(plan.seed) {
        for (std::uint32_t device = 0; device < kDevices; ++device) {
            macs_.push_back(fmt::format("3c:22:fb:12:34:{:02x}", device));
        }
    }

    std::vector<NamedFlow> write(CaptureWriter& capture);

private:
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    Script script_of(std::uint32_t number);
    Ends ends_of(std::uint32_t number);
    Script tcp_script(const Ends& ends, std::uint16_t port, const Octets& introduction);
    Script quic_script(const Ends& ends, std::string_view name);
    Octets hello_record(std::string_view name, Kind kind);
    Octets hello_message(std::string_view name, Kind kind);
    void share_data();

    HousePlan plan_;
    std::mt19937_64 random_;
    std::vector<std::string> macs_;
    std::vector<Script> scripts_;
    std::vector<NamedFlow> named_;
};

Ends House::ends_of(std::uint32_t number) {
    const std::uint32_t device = below(kDevices);
    Ends ends;
    ends.is_v6 = below(100) < 15;
    ends.device = ends.is_v6 ? fmt::format("fd00::{:x}", 0x20 + device)
                             : fmt::format("192.168.1.{}", 20 + device);
    const std::uint32_t server = below(kSites);
    ends.server = ends.is_v6 ? fmt::format("2001:db8::{:x}", server)
                             : fmt::format("198.51.{}.{}", server >> 8U, server & 0xffU);
    ends.up = {macs_[device], kGatewayMac};
    // Ports come round: each pair of device and server long after it was used last.
    ends.port = static_cast<std::uint16_t>(10'000 + number % 50'000);
    return ends;
}

Octets House::hello_message(std::string_view name, Kind kind) {
    // What makes a browser's hello long; the order of extensions is shuffled as Chromium's.
    std::vector<std::pair<std::uint16_t, std::size_t>> extensions{
        {10, 12}, {11, 2}, {13, 18}, {16, 14}, {43, 7}, {45, 2}, {0xfe0d, 190}};
    extensions.emplace_back(51, kind == Kind::Tls ? 107 : 1263);
    std::shuffle(extensions.begin(), extensions.end(), random_);
    const std::size_t place = below(static_cast<std::uint32_t>(extensions.size() + 1));
    HelloBuilder hello;
    for (std::size_t at = 0; at <= extensions.size(); ++at) {
        if (at == place) {
            hello.server_name(name);
        }
        if (at < extensions.size()) {
            hello.extension(extensions[at].first, Octets(extensions[at].second, 7));
        }
    }
    return hello.build();
}

Octets House::hello_record(std::string_view name, Kind kind) {
    const Octets message = hello_message(name, kind);
    return Octets{22, 3, 1, static_cast<std::uint8_t>(message.size() >> 8U),
                  static_cast<std::uint8_t>(message.size())} +
           message;
}

Script House::tcp_script(const Ends& ends, std::uint16_t port, const Octets& introduction) {
    std::uint32_t sequence = below(0xffffffff);
    const auto segment = [&](bool is_up, std::uint8_t flags, const Octets& payload) {
        const TcpFields fields = is_up ? TcpFields{ends.port, port, sequence, flags}
                                       : TcpFields{port, ends.port, 5000, flags};
        return in_ip(ends, is_up, capture::kProtocolTcp, tcp(fields, payload));
    };
    Script script;
    script.opening.push_back(segment(true, capture::kTcpSyn, {}));
    ++sequence;
    script.opening.push_back(segment(false, capture::kTcpSyn | capture::kTcpAck, {}));
    for (std::size_t at = 0; at < introduction.size(); at += kFirstSegment) {
        const auto end = std::min(introduction.size(), at + kFirstSegment);
        const Octets part(introduction.begin() + static_cast<std::ptrdiff_t>(at),
                          introduction.begin() + static_cast<std::ptrdiff_t>(end));
        script.opening.push_back(segment(true, capture::kTcpAck, part));
        sequence += static_cast<std::uint32_t>(part.size());
    }
    const Octets start = introduction[0] == 22 ? Octets{22, 3, 3, 4, 0} : octets("HTTP/1.1 ");
    script.opening.push_back(
        segment(false, capture::kTcpAck, start + Octets(1448 - start.size(), 9)));
    script.down = segment(false, capture::kTcpAck, Octets(1448, 9));
    script.up = segment(true, capture::kTcpAck, {});
    script.closing = segment(true, capture::kTcpFin | capture::kTcpAck, {});
    return script;
}

Script House::quic_script(const Ends& ends, std::string_view name) {
    const Octets message = hello_message(name, Kind::Quic);
    const std::size_t cut = message.size() / 2;
    const Octets first(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(cut));
    const Octets second(message.begin() + static_cast<std::ptrdiff_t>(cut), message.end());
    InitialFields fields;
    fields.destination_id.resize(8);
    std::generate(fields.destination_id.begin(), fields.destination_id.end(),
                  [this] { return static_cast<std::uint8_t>(random_()); });
    Script script;
    fields.number = 1;
    script.opening.push_back(
        datagram(ends, true, 443, padded_datagram(quic_initial(fields, crypto_frame(0, first)))));
    fields.number = 2;
    script.opening.push_back(
        datagram(ends, true, 443,
                 padded_datagram(
                     quic_initial(fields, crypto_frame(static_cast<std::uint16_t>(cut), second)))));
    script.opening.push_back(datagram(ends, false, 443, Octets(1200, 0xc3)));
    script.down = datagram(ends, false, 443, Octets(1250, 0x45));
    script.up = datagram(ends, true, 443, Octets(40, 0x45));
    return script;
}

Script House::script_of(std::uint32_t number) {
    const Kind kind = kind_of(below(100));
    const Ends ends = ends_of(number);
    const std::string name = fmt::format("w{}.site{}.example", number % 7, below(kSites));
    const std::uint16_t port = kind == Kind::Http ? 80 : 443;
    if (const auto transport = transport_of(kind); !transport.empty()) {
        named_.push_back({std::string(transport), fmt::format("{}\t{}", ends.device, ends.port),
                          fmt::format("{}\t{}", ends.server, port), name});
    }
    if (kind == Kind::Tls || kind == Kind::ChromiumTls) {
        return tcp_script(ends, port, hello_record(name, kind));
    }
    if (kind == Kind::Http) {
        return tcp_script(ends, port,
                          octets(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", name)));
    }
    if (kind == Kind::Quic) {
        return quic_script(ends, name);
    }
    Script script;
    if (kind == Kind::Game) {
        script.up = datagram(ends, true, 27'015, Octets(90, 1));
        script.down = datagram(ends, false, 27'015, Octets(300, 2));
        return script;
    }
    DnsSections sections;
    sections.flags = 0x0100;
    sections.questions = {dns_host(name) + Octets{0, 1, 0, 1}};
    Ends resolver = ends;
    resolver.server = ends.is_v6 ? "fd00::1" : "192.168.1.1";
    script.opening.push_back(datagram(resolver, true, 53, dns_message(sections)));
    sections.flags = 0x8180;
    sections.answers = {dns_record(dns_host(name), 1, 300, Octets{198, 51, 3, 7})};
    script.opening.push_back(datagram(resolver, false, 53, dns_message(sections)));
    return script;
}

/// A few flows carry most of the data, as everywhere.
void House::share_data() {
    std::uint64_t openings = 0;
    double weights = 0;
    std::vector<double> weight(scripts_.size());
    for (std::size_t at = 0; at < scripts_.size(); ++at) {
        openings += scripts_[at].opening.size() + (scripts_[at].closing.empty() ? 0 : 1);
        if (!scripts_[at].down.empty()) {
            const double uniform = (below(1'000'000) + 1) / 1e6;
            weight[at] = std::pow(uniform, -1 / 1.2);  // Pareto
            weights += weight[at];
        }
    }
    const double left =
        plan_.packets > openings ? static_cast<double>(plan_.packets - openings) : 0;
    for (std::size_t at = 0; at < scripts_.size(); ++at) {
        scripts_[at].data = static_cast<std::uint32_t>(std::lround(weight[at] / weights * left));
    }
}

std::vector<NamedFlow> House::write(CaptureWriter& capture) {
    for (std::uint32_t number = 0; number < plan_.flows; ++number) {
        scripts_.push_back(script_of(number));
    }
    share_data();
    std::vector<Script*> running;
    std::size_t next = 0;
    auto at = Timestamp(std::chrono::seconds(1'790'000'000));
    std::uint32_t written = 0;
    const auto put = [&](const Octets& bytes) {
        capture.add(bytes, at);
        at += std::chrono::milliseconds(++written % 5 == 0 ? 1 : 0);
    };
    while (next < scripts_.size() || !running.empty()) {
        while (running.size() < kFlowsAtATime && next < scripts_.size()) {
            running.push_back(&scripts_[next++]);
        }
        Script*& slot = running[below(static_cast<std::uint32_t>(running.size()))];
        Script& script = *slot;
        for (std::uint32_t burst = 1 + below(8); burst > 0; --burst) {
            if (!script.opening.empty()) {
                put(script.opening.front());
                script.opening.pop_front();
            } else if (script.data > 0) {
                put(script.data % 5 < 3 ? script.down : script.up);
                --script.data;
            }
        }
        if (script.opening.empty() && script.data == 0) {
            if (!script.closing.empty()) {
                put(script.closing);
            }
            slot = running.back();
            running.pop_back();
        }
    }
    return std::move(named_);
}

}  // namespace

std::vector<NamedFlow> write_house(const HousePlan& plan, CaptureWriter& capture) {
    return House(plan).write(capture);
}

}  // namespace sporvakt::test
