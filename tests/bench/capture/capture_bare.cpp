// capture_bare CAPTURE: libpcap's loop and nothing else, the least that reading a capture costs.
#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <pcap/pcap.h>

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: capture_bare CAPTURE\n");
        return 64;
    }
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    pcap_t* capture = pcap_open_offline(argv[1], reason.data());
    if (capture == nullptr) {
        fmt::print(stderr, "{}\n", reason.data());
        return 1;
    }
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    while (pcap_next_ex(capture, &header, &data) == 1) {
        ++packets;
        bytes += header->len;
    }
    pcap_close(capture);
    fmt::print("{{\"packets\": {}, \"bytes\": {}}}\n", packets, bytes);
    return 0;
}
