#pragma once

#include "core/base/file_descriptor.h"

#include <cstdint>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sporvakt::test {

/// A TCP port of 127.0.0.1 that somebody may connect to.
struct LoopbackListener {
    FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port = 0;

    LoopbackListener() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
        if (::bind(socket.get(), generic, length) != 0 || ::listen(socket.get(), 16) != 0 ||
            ::getsockname(socket.get(), generic, &length) != 0) {
            std::abort();  // no test can say anything without it
        }
        port = ntohs(address.sin_port);
    }
};

}  // namespace sporvakt::test
