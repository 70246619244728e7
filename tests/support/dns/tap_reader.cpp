#include "tests/support/dns/tap_reader.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <fstrm.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

namespace sporvakt::test {
namespace {

constexpr timeval kPatience{10, 0};
constexpr std::string_view kContentType = "protobuf:dnstap.Dnstap";

FileDescriptor& socket_in(void* object) {
    return *static_cast<FileDescriptor*>(object);
}
fstrm_res succeed(void* /*object*/) {
    return fstrm_res_success;
}
fstrm_res read_all(void* object, void* into, std::size_t length) {
    const auto got = recv(socket_in(object).get(), into, length, MSG_WAITALL);
    if (got == 0) {
        return fstrm_res_stop;
    }
    return got == static_cast<ssize_t>(length) ? fstrm_res_success : fstrm_res_failure;
}
fstrm_res write_all(void* object, const iovec* parts, int count) {
    for (int part = 0; part < count; ++part) {
        const auto sent = send(socket_in(object).get(), parts[part].iov_base, parts[part].iov_len,
                               MSG_NOSIGNAL);  // the writer may have gone
        if (sent != static_cast<ssize_t>(parts[part].iov_len)) {
            return fstrm_res_failure;
        }
    }
    return fstrm_res_success;
}

}  // namespace

struct TapReader::Connection {
    explicit Connection(FileDescriptor accepted) : socket(std::move(accepted)) {
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
        fstrm_rdwr* stream = fstrm_rdwr_init(&socket);
        fstrm_rdwr_set_open(stream, succeed);
        fstrm_rdwr_set_close(stream, succeed);
        fstrm_rdwr_set_read(stream, read_all);
        fstrm_rdwr_set_write(stream, write_all);
        fstrm_reader_options* options = fstrm_reader_options_init();
        fstrm_reader_options_add_content_type(options, kContentType.data(), kContentType.size());
        reader = fstrm_reader_init(options, &stream);
        fstrm_reader_options_destroy(&options);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;
    ~Connection() { fstrm_reader_destroy(&reader); }

    FileDescriptor socket;
    fstrm_reader* reader = nullptr;
};

TapReader::TapReader(const std::string& path)
    : path_(path), listener_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    const auto* const name = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    unlink(path.c_str());
    setsockopt(listener_.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    if (bind(listener_.get(), name, sizeof(address)) != 0 || listen(listener_.get(), 1) != 0) {
        listener_ = FileDescriptor();
    }
}

TapReader::~TapReader() = default;

bool TapReader::accept() {
    FileDescriptor accepted(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!accepted.is_open()) {
        return false;
    }
    connection_ = std::make_unique<Connection>(std::move(accepted));
    return fstrm_reader_open(connection_->reader) == fstrm_res_success;
}

std::optional<std::vector<std::uint8_t>> TapReader::next() {
    if (!connection_ && !accept()) {
        return std::nullopt;
    }
    const std::uint8_t* data = nullptr;
    std::size_t length = 0;
    if (fstrm_reader_read(connection_->reader, &data, &length) != fstrm_res_success) {
        fstrm_reader_close(connection_->reader);  // the writer waits for that
        return std::nullopt;
    }
    return std::vector<std::uint8_t>(data, data + length);
}

void TapReader::hang_up() {
    if (connection_) {
        shutdown(connection_->socket.get(), SHUT_RDWR);
    }
    connection_.reset();
    listener_ = FileDescriptor();
    unlink(path_.c_str());
}

ProtobufReading::ProtobufReading(Bytes message) {
    ByteReader in(message);
    const auto varint = [&in]() -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = in.u8();
            if (!byte) {
                return std::nullopt;
            }
            value |= static_cast<std::uint64_t>(*byte & 0x7fU) << shift;
            if (*byte < 0x80) {
                return value;
            }
        }
        return std::nullopt;
    };
    while (!in.at_end()) {
        const auto key = varint();
        if (!key) {
            return;
        }
        const auto field = static_cast<unsigned>(*key >> 3U);
        const unsigned wire_type = *key & 7U;
        if (wire_type == 5) {
            const auto value = in.take(4);
            if (!value) {
                return;
            }
            numbers[field] = static_cast<std::uint64_t>((*value)[0]) | (*value)[1] << 8U |
                             (*value)[2] << 16U | static_cast<std::uint64_t>((*value)[3]) << 24U;
            continue;
        }
        const auto value = varint();
        if (!value || (wire_type != 0 && wire_type != 2)) {
            return;
        }
        if (wire_type == 0) {
            numbers[field] = *value;
            continue;
        }
        const auto content = in.take(*value);
        if (!content) {
            return;
        }
        bytes[field].assign(content->begin(), content->end());
    }
    is_whole = true;
}

ProtobufReading tap_message_in(const std::vector<std::uint8_t>& frame) {
    const ProtobufReading outer(frame);
    const auto message = outer.bytes.find(14);
    return ProtobufReading(message == outer.bytes.end() ? Bytes() : Bytes(message->second));
}

}  // namespace sporvakt::test
