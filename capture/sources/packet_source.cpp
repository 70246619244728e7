#include "capture/sources/packet_source.h"

#include "capture/sources/pcap_handle.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <stdio_ext.h>

namespace sporvakt::capture {
namespace {

// libpcap reads a file through stdio, whose own buffer is one page: a system call for every third
// packet of a full frame.
constexpr std::size_t kFileBuffer = std::size_t{256} * 1024;
using Buffer = std::vector<char>;

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class CaptureFile final : public PacketSource {
public:
    CaptureFile(std::string path, Buffer buffer, PcapHandle handle)
        : path_(std::move(path)),
          buffer_(std::move(buffer)),
          handle_(std::move(handle)),
          link_(link_type_of(pcap_datalink(handle_.get()))) {}

    Result<Delivery> next() override {
        const PcapRead read = read_packet(handle_.get(), link_);
        if (read.status == PcapRead::kPacket) {
            return read.delivery;
        }
        if (read.status == PCAP_ERROR_BREAK) {
            return Delivery{Arrival::End, {}};
        }
        return fail(Errc::InvalidInput, what_is_wrong(pcap_geterr(handle_.get())));
    }

private:
    [[nodiscard]] std::string what_is_wrong(const std::string& reason) const {
        const bool has_other_links = reason.find("an interface has a type") != std::string::npos;
        return has_other_links
                   ? fmt::format(
                         "{}: it holds interfaces of different link types, and libpcap reads "
                         "one type a file: write the packets of each interface to a file "
                         "of their own ({})",
                         path_, reason)
                   : fmt::format("{}: the capture is damaged or cut short: {}", path_, reason);
    }

    std::string path_;
    Buffer buffer_;  ///< The file's, which the handle closes: outlives it.
    PcapHandle handle_;
    LinkType link_;
};

}  // namespace

LinkType link_type_of(int dlt) {
    switch (dlt) {
        case DLT_EN10MB:
            return LinkType::Ethernet;
        case DLT_NULL:
            return LinkType::Null;
        case DLT_LOOP:
            return LinkType::Loop;
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
            return LinkType::RawIp;
        case DLT_LINUX_SLL:
            return LinkType::LinuxSll;
        case DLT_LINUX_SLL2:
            return LinkType::LinuxSll2;
        case DLT_NFLOG:
            return LinkType::Nflog;
        case DLT_PPP:
        case DLT_PPP_SERIAL:
            return LinkType::Ppp;
        default:
            return LinkType::Unknown;
    }
}

Result<std::unique_ptr<PacketSource>> open_capture_file(const std::string& path) {
    Buffer buffer(kFileBuffer);  // before the file, which uses it until it is closed
    File file(std::fopen(path.c_str(), "rbe"));
    if (!file) {
        return fail(Errc::InvalidInput, fmt::format("{}: cannot be read as a capture: {}", path,
                                                    std::generic_category().message(errno)));
    }
    static_cast<void>(std::setvbuf(file.get(), buffer.data(), _IOFBF, buffer.size()));
    __fsetlocking(file.get(), FSETLOCKING_BYCALLER);  // one thread reads it
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    PcapHandle handle(pcap_fopen_offline(file.get(), reason.data()));
    if (!handle) {
        return fail(Errc::InvalidInput,
                    fmt::format("{}: cannot be read as a capture: {}", path, reason.data()));
    }
    static_cast<void>(file.release());  // the handle closes it
    return std::make_unique<CaptureFile>(path, std::move(buffer), std::move(handle));
}

}  // namespace sporvakt::capture
