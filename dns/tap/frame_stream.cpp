#include "dns/tap/frame_stream.h"

#include "core/base/assert.h"
#include "core/base/file_descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fstrm.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

namespace sporvakt::dns {
namespace {

constexpr std::string_view kContentType = "protobuf:dnstap.Dnstap";

// How soon a request to stop is noticed.
constexpr std::chrono::milliseconds kSlice{20};

struct WriterOptionsDeleter {
    void operator()(fstrm_writer_options* options) const { fstrm_writer_options_destroy(&options); }
};
struct WriterDeleter {
    void operator()(fstrm_writer* writer) const { fstrm_writer_destroy(&writer); }
};

}  // namespace

/// What libfstrm reads from and writes to.  Once something has failed, everything fails at once.
class FrameStream::Socket {
public:
    explicit Socket(std::stop_token stop) : stop_(std::move(stop)) {}

    Result<void> connect(const std::string& path);
    fstrm_res read(std::span<std::uint8_t> into);
    fstrm_res write(std::span<const iovec> parts);
    [[nodiscard]] bool is_read() const;

private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// False: what began then has taken too long.
    [[nodiscard]] bool wait(std::int16_t what, SteadyTime began) const;
    [[nodiscard]] bool is_patient(SteadyTime began) const {
        return std::chrono::steady_clock::now() - began <
               (stop_.stop_requested() ? kFarewell : kPatience);
    }
    fstrm_res fail() {
        socket_ = FileDescriptor();
        return fstrm_res_failure;
    }
    static bool must_wait() { return errno == EAGAIN || errno == EINTR; }

    std::stop_token stop_;
    FileDescriptor socket_;
};

Result<void> FrameStream::Socket::connect(const std::string& path) {
    if (path.size() > kPathLengthMax) {
        return sporvakt::fail(Errc::InvalidInput, fmt::format("{}: the path is too long", path));
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    // Non-blocking: a reader whose queue of connections is full is one that does not read.
    socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const auto* const name = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    if (!socket_.is_open() || ::connect(socket_.get(), name, sizeof(address)) != 0) {
        return system_failure(path);
    }
    return {};
}

bool FrameStream::Socket::wait(std::int16_t what, SteadyTime began) const {
    pollfd watched{socket_.get(), what, 0};
    bool is_ready = false;
    while (!is_ready && is_patient(began)) {
        is_ready = ::poll(&watched, 1, static_cast<int>(kSlice.count())) > 0;
    }
    return is_ready;
}

fstrm_res FrameStream::Socket::read(std::span<std::uint8_t> into) {
    const SteadyTime began = std::chrono::steady_clock::now();
    while (!into.empty()) {
        const ssize_t got = ::recv(socket_.get(), into.data(), into.size(), 0);
        if (got > 0) {
            into = into.subspan(static_cast<std::size_t>(got));
        } else if (got == 0 || !must_wait() || !wait(POLLIN, began)) {
            return fail();
        }
    }
    return fstrm_res_success;
}

fstrm_res FrameStream::Socket::write(std::span<const iovec> parts) {
    const SteadyTime began = std::chrono::steady_clock::now();
    std::vector<iovec> unsent(parts.begin(), parts.end());
    std::size_t first = 0;
    while (first < unsent.size()) {
        msghdr message{};
        message.msg_iov = &unsent[first];
        message.msg_iovlen = unsent.size() - first;
        const ssize_t sent = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
        if (sent < 0) {
            if (!must_wait() || !wait(POLLOUT, began)) {
                return fail();
            }
            continue;
        }
        auto left = static_cast<std::size_t>(sent);
        for (; first < unsent.size() && left >= unsent[first].iov_len; ++first) {
            left -= unsent[first].iov_len;
        }
        if (left > 0) {
            iovec& part = unsent[first];
            part.iov_base = static_cast<std::uint8_t*>(part.iov_base) + left;
            part.iov_len -= left;
        }
        // One that takes a byte now and then would hold us as long as one that takes none.
        if (first < unsent.size() && !is_patient(began)) {
            return fail();
        }
    }
    return fstrm_res_success;
}

bool FrameStream::Socket::is_read() const {
    pollfd watched{socket_.get(), POLLRDHUP, 0};
    return socket_.is_open() && ::poll(&watched, 1, 0) == 0;
}

/// libfstrm's object, and its view of our socket.
struct FrameStream::Writer {
    static fstrm_res open(void* /*socket*/) noexcept { return fstrm_res_success; }
    static fstrm_res close(void* /*socket*/) noexcept { return fstrm_res_success; }
    static fstrm_res read(void* socket, void* into, std::size_t length) noexcept {
        return static_cast<Socket*>(socket)->read({static_cast<std::uint8_t*>(into), length});
    }
    static fstrm_res write(void* socket, const iovec* parts, int count) noexcept {
        return static_cast<Socket*>(socket)->write({parts, static_cast<std::size_t>(count)});
    }

    explicit Writer(Socket& socket) {
        std::unique_ptr<fstrm_writer_options, WriterOptionsDeleter> options(
            fstrm_writer_options_init());
        fstrm_writer_options_add_content_type(options.get(), kContentType.data(),
                                              kContentType.size());
        fstrm_rdwr* stream = fstrm_rdwr_init(&socket);
        fstrm_rdwr_set_open(stream, open);
        fstrm_rdwr_set_close(stream, close);
        fstrm_rdwr_set_read(stream, read);
        fstrm_rdwr_set_write(stream, write);
        handle.reset(fstrm_writer_init(options.get(), &stream));  // takes the stream
        SPORVAKT_ASSERT(handle != nullptr);
    }

    std::unique_ptr<fstrm_writer, WriterDeleter> handle;
};

FrameStream::FrameStream(const std::stop_token& stop) : socket_(std::make_unique<Socket>(stop)) {}

FrameStream::~FrameStream() = default;

Result<std::unique_ptr<FrameStream>> FrameStream::open(const std::string& path,
                                                       const std::stop_token& stop) {
    std::unique_ptr<FrameStream> stream(new FrameStream(stop));
    SPORVAKT_TRY(stream->socket_->connect(path));
    stream->writer_ = std::make_unique<Writer>(*stream->socket_);
    if (fstrm_writer_open(stream->writer_->handle.get()) != fstrm_res_success) {
        return sporvakt::fail(
            Errc::Unavailable,
            fmt::format("{}: who listens there does not read {}", path, kContentType));
    }
    return stream;
}

bool FrameStream::write(std::span<const Bytes> frames) {
    SPORVAKT_ASSERT(frames.size() <= kFramesMax);
    std::array<iovec, kFramesMax> parts{};
    std::transform(frames.begin(), frames.end(), parts.begin(), [](Bytes frame) {
        // iovec is for reading too, so it has no const.
        auto* const bytes = const_cast<std::uint8_t*>(frame.data());  // NOLINT(*-const-cast)
        return iovec{bytes, frame.size()};
    });
    return fstrm_writer_writev(writer_->handle.get(), parts.data(),
                               static_cast<int>(frames.size())) == fstrm_res_success;
}

bool FrameStream::is_read() const {
    return socket_->is_read();
}

}  // namespace sporvakt::dns
