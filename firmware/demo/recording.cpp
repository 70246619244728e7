#include "firmware/demo/recording.h"

#include "core/base/byte_writer.h"
#include "firmware/demo/flow_script.h"
#include "tests/support/packets/hello_builder.h"
#include "tests/support/packets/lan_messages.h"
#include "tests/support/packets/packet_builder.h"
#include "tests/support/packets/quic_builder.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::firmware::demo {
namespace {

using test::Octets;
// NOLINTNEXTLINE(misc-unused-using-decls): it is used.
using test::operator+;
using namespace std::chrono_literals;

constexpr std::string_view kGatewayMac = "dc:a6:32:de:30:01";
constexpr std::string_view kGatewayAddress = "192.168.10.1";
constexpr std::string_view kEverybody = "ff:ff:ff:ff:ff:ff";
constexpr std::uint16_t kPortDns = 53;
constexpr std::uint16_t kPortHttp = 80;
constexpr std::uint16_t kPortHttps = 443;
constexpr std::uint16_t kFirstDevicePort = 49152;  // RFC 6335 §6: dynamic ports
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint32_t kAnswerTtl = 60;

/// What TLS puts around the first bytes of each side (RFC 8446 §5.1).
Octets tls_record(std::uint8_t type, const Octets& content) {
    return ByteWriter()
        .u8(type)
        .u16(0x0301)
        .u16(static_cast<std::uint16_t>(content.size()))
        .bytes(content)
        .result();
}

/// As large as a browser's of today: its key shares and its random Encrypted Client Hello are why a
/// hello takes two segments, and the name stands in the second one.
Octets client_hello(const DomainName& name) {
    constexpr std::uint16_t kKeyShare = 51;
    constexpr std::size_t kHybridShareBytes = 1263;
    constexpr std::uint16_t kEncryptedHello = 0xfe0d;
    constexpr std::size_t kEncryptedHelloBytes = 250;
    return test::HelloBuilder()
        .extension(kKeyShare, Octets(kHybridShareBytes, 0x11))
        .extension(kEncryptedHello, Octets(kEncryptedHelloBytes, 0x22))
        .server_name(name.text())
        .build();
}

/// Every name has one server, at addresses for documentation (RFC 5737).
class Servers {
public:
    std::string address_of(const DomainName& name) {
        const std::size_t next = numbers_.size();
        const std::size_t number = numbers_.emplace(name.text(), next).first->second;
        return number % 2 == 0 ? fmt::format("203.0.113.{}", number / 2 + 10)
                               : fmt::format("198.51.100.{}", number / 2 + 10);
    }

private:
    std::map<std::string, std::size_t> numbers_;
};

class Recorder {
public:
    explicit Recorder(const Scenario& scenario) : scenario_(scenario) {}

    std::vector<RecordedPacket> packets() && {
        std::chrono::microseconds at = 200ms;
        for (const ActingDevice& device : scenario_.devices) {
            arrive(device, at);
            at += 150ms;
        }
        for (const Scene& scene : scenario_.scenes) {
            play(scene);
        }
        std::stable_sort(packets_.begin(), packets_.end(),
                         [](const RecordedPacket& left, const RecordedPacket& right) {
                             return left.at < right.at;
                         });
        return std::move(packets_);
    }

private:
    /// A device comes: it gets an address, meets the gateway and says its name.
    void arrive(const ActingDevice& device, std::chrono::microseconds at) {
        const std::string mac = device.mac.text();
        const std::string address = device.address.text();
        FlowScript dhcp({mac, "0.0.0.0", std::string(kEverybody), "255.255.255.255", 68, 67}, at,
                        packets_);
        test::DhcpFields question;
        question.client = mac;
        Octets options = test::dhcp_option(53, {3}) +
                         test::dhcp_option(50, test::address_octets(address)) +
                         test::dhcp_option(12, test::octets(device.name));
        if (!device.vendor_class.empty()) {
            options = options + test::dhcp_option(60, test::octets(device.vendor_class));
        }
        dhcp.datagram(Direction::Up, test::dhcp(question, options));

        FlowScript answers(
            {mac, address, std::string(kGatewayMac), std::string(kGatewayAddress), 68, 67},
            at + 2ms, packets_);
        test::DhcpFields ack;
        ack.operation = 2;
        ack.client = mac;
        ack.your_address = address;
        answers.datagram(Direction::Down, test::dhcp(ack, test::dhcp_option(53, {5})));
        resolve_gateway(mac, address, at + 5ms);
        if (!device.announced_name.empty()) {
            announce(device, at + 20ms);
        }
    }

    void resolve_gateway(const std::string& mac, const std::string& address,
                         std::chrono::microseconds at) {
        test::ArpFields question;
        question.sender = mac;
        question.sender_address = address;
        question.target_address = kGatewayAddress;
        add(at, test::ethernet(0x0806, test::arp(question), {mac, kEverybody}));
        test::ArpFields answer;
        answer.operation = 2;
        answer.sender = kGatewayMac;
        answer.sender_address = kGatewayAddress;
        answer.target = mac;
        answer.target_address = address;
        add(at + 300us, test::ethernet(0x0806, test::arp(answer), {kGatewayMac, mac}));
    }

    void announce(const ActingDevice& device, std::chrono::microseconds at) {
        constexpr std::uint16_t kTypePtr = 12;
        constexpr std::uint32_t kMdnsTtl = 4500;
        test::DnsSections message;
        message.answers = {
            test::dns_record(
                test::dns_name({device.service, "_tcp", "local"}), kTypePtr, kMdnsTtl,
                test::dns_name({device.announced_name, device.service, "_tcp", "local"})),
            test::dns_record(test::dns_name({device.name, "local"}), kTypeA, kAnswerTtl,
                             test::address_octets(device.address.text()))};
        FlowScript script({device.mac.text(), device.address.text(), "01:00:5e:00:00:fb",
                           "224.0.0.251", 5353, 5353},
                          at, packets_);
        script.datagram(Direction::Up, test::dns_message(message));
    }

    void play(const Scene& scene) {
        std::chrono::microseconds at = scene.at;
        at += 137us * static_cast<int>(scenes_played_++ % 8);  // people and timers are not exact
        switch (scene.happening) {
            case Happening::Prevented:
                ask(scene, "0.0.0.0", at);
                break;
            case Happening::Bypassed:
                play_tls(scene, at);
                break;
            case Happening::Site:
            case Happening::Tls:
                play_tls(scene, ask(scene, servers_.address_of(scene.name), at));
                break;
            case Happening::Quic:
                play_quic(scene, ask(scene, servers_.address_of(scene.name), at));
                break;
            case Happening::Http:
                play_http(scene, ask(scene, servers_.address_of(scene.name), at));
                break;
        }
    }

    /// The question and the gateway's answer; gives the time after it.
    std::chrono::microseconds ask(const Scene& scene, const std::string& answer,
                                  std::chrono::microseconds at) {
        const Octets name = test::dns_host(scene.name.text());
        test::DnsSections message;
        message.id = next_port_;
        message.flags = 0x0100;  // a question; recursion desired
        message.questions = {ByteWriter().bytes(name).u16(kTypeA).u16(1).result()};
        FlowEnds ends = ends_of(scene, kPortDns);
        ends.server_address = kGatewayAddress;
        FlowScript script(std::move(ends), at, packets_);
        script.datagram(Direction::Up, test::dns_message(message));
        script.wait(9ms);
        message.flags = 0x8180;  // an answer, without error
        message.answers = {
            test::dns_record(name, kTypeA, kAnswerTtl, test::address_octets(answer))};
        script.datagram(Direction::Down, test::dns_message(message));
        return script.at();
    }

    void play_tls(const Scene& scene, std::chrono::microseconds at) {
        FlowScript script(ends_of(scene, kPortHttps), at, packets_);
        const Octets hello = tls_record(22, client_hello(scene.name));
        script.open_tcp();
        script.send(Direction::Up, hello);
        exchange(script, scene, hello.size());
    }

    void play_http(const Scene& scene, std::chrono::microseconds at) {
        FlowScript script(ends_of(scene, kPortHttp), at, packets_);
        const Octets request = test::octets(
            fmt::format("POST /status HTTP/1.1\r\nHost: {}\r\nUser-Agent: demonstration\r\n"
                        "Content-Length: {}\r\n\r\n",
                        scene.name.text(), scene.bytes_up));
        script.open_tcp();
        script.send(Direction::Up, request);
        exchange(script, scene, request.size());
    }

    /// What follows the first words of a TCP flow.
    static void exchange(FlowScript& script, const Scene& scene, std::size_t sent) {
        const std::uint32_t first_answer = std::min<std::uint32_t>(scene.bytes_down, 2800);
        script.wait(12ms);
        script.send_sealed(Direction::Down, first_answer);
        script.send_sealed(Direction::Up,
                           scene.bytes_up - std::min<std::uint32_t>(
                                                scene.bytes_up, static_cast<std::uint32_t>(sent)));
        script.wait(20ms);
        script.send_sealed(Direction::Down, scene.bytes_down - first_answer);
        script.wait(400ms);
        script.close_tcp();
    }

    void play_quic(const Scene& scene, std::chrono::microseconds at) {
        constexpr std::uint16_t kFirstPart = 1000;
        FlowScript script(ends_of(scene, kPortHttps), at, packets_);
        test::InitialFields initial;
        initial.destination_id = ByteWriter().u64(0x5eed000000000000U | next_port_).result();
        const Octets hello = client_hello(scene.name);
        const auto part = [&](std::size_t from, std::size_t to) {
            return test::crypto_frame(static_cast<std::uint16_t>(from),
                                      {hello.begin() + static_cast<std::ptrdiff_t>(from),
                                       hello.begin() + static_cast<std::ptrdiff_t>(to)});
        };
        script.datagram(Direction::Up,
                        test::padded_datagram(test::quic_initial(initial, part(0, kFirstPart))));
        initial.number = 1;
        script.datagram(Direction::Up, test::padded_datagram(test::quic_initial(
                                           initial, part(kFirstPart, hello.size()))));
        script.wait(15ms);
        script.sealed_datagrams(Direction::Down, std::min<std::uint32_t>(scene.bytes_down, 2400));
        script.sealed_datagrams(Direction::Up, scene.bytes_up);
        script.sealed_datagrams(Direction::Down,
                                scene.bytes_down - std::min<std::uint32_t>(scene.bytes_down, 2400));
    }

    FlowEnds ends_of(const Scene& scene, std::uint16_t server_port) {
        const ActingDevice& device = scenario_.devices[scene.device];
        return {device.mac.text(),
                device.address.text(),
                std::string(kGatewayMac),
                servers_.address_of(scene.name),
                next_port_++,
                server_port};
    }

    void add(std::chrono::microseconds at, Octets bytes) {
        const auto wire_length = static_cast<std::uint32_t>(bytes.size());
        packets_.push_back({at, std::move(bytes), wire_length});
    }

    const Scenario& scenario_;
    Servers servers_;
    std::vector<RecordedPacket> packets_;
    std::uint16_t next_port_ = kFirstDevicePort;
    std::size_t scenes_played_ = 0;
};

/// The classic format is in the writer's byte order; ours is always little-endian.
void append_u32(std::string& file, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        file.push_back(static_cast<char>(value >> shift & 0xffU));
    }
}

}  // namespace

std::vector<RecordedPacket> record(const Scenario& scenario) {
    return Recorder(scenario).packets();
}

std::string pcap_file(const std::vector<RecordedPacket>& packets) {
    std::string file;
    append_u32(file, 0xa1b2c3d4);  // microseconds
    append_u32(file, 0x00040002);  // version 2.4
    append_u32(file, 0);           // zone
    append_u32(file, 0);           // accuracy
    append_u32(file, 65535);       // snap length
    append_u32(file, 1);           // Ethernet
    const std::chrono::microseconds start = kRecordedAt.time_since_epoch();
    for (const RecordedPacket& packet : packets) {
        const std::chrono::microseconds at = start + packet.at;
        const auto seconds = floor<std::chrono::seconds>(at);
        append_u32(file, static_cast<std::uint32_t>(seconds.count()));
        append_u32(file, static_cast<std::uint32_t>((at - seconds).count()));
        append_u32(file, static_cast<std::uint32_t>(packet.bytes.size()));
        append_u32(file, packet.wire_length);
        file.append(as_text(packet.bytes));
    }
    return file;
}

}  // namespace sporvakt::firmware::demo
