#include "firmware/channel.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

// Room for some sixteen full messages; the kernel may grant less (net.core.wmem_max, socket(7)).
constexpr int kBufferBytes = 1024 * 1024;

}  // namespace

Result<std::pair<Channel, Channel>> Channel::open_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return system_failure("cannot make a channel between two roles");
    }
    for (const int end : ends) {
        // A smaller buffer works too, so a refusal is no failure.
        (void)::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kBufferBytes, sizeof kBufferBytes);
    }
    return std::pair{Channel(FileDescriptor(ends[0])), Channel(FileDescriptor(ends[1]))};
}

Channel::Sent Channel::send(Bytes message) const {
    // MSG_NOSIGNAL: a broken channel is an answer, not a reason to die (send(2)).
    const ssize_t sent = ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
        return Sent::Yes;
    }
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? Sent::Full : Sent::Gone;
}

std::optional<std::vector<std::uint8_t>> Channel::receive() const {
    std::vector<std::uint8_t> message(kMessageBytesMax);
    const ssize_t length = ::recv(socket_.get(), message.data(), message.size(), 0);
    if (length <= 0) {
        return std::nullopt;  // nothing there, or nobody holds the other end
    }
    message.resize(static_cast<std::size_t>(length));
    return message;
}

Result<Channel> Channel::duplicate() const {
    FileDescriptor copy(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0));
    if (!copy.is_open()) {
        return system_failure("cannot hand a channel on");
    }
    return Channel(std::move(copy));
}

}  // namespace sporvakt::firmware
