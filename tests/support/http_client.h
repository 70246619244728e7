#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"

#include <string>

namespace sporvakt::test {

/// A raw TCP connection to a web server, so that a test can also send what no browser would.  Every
/// wait ends after 20 seconds with what has come so far, so that a broken server fails the test.
class HttpClient {
public:
    explicit HttpClient(const Endpoint& server);

    void send(const std::string& bytes);

    /// All that comes until the server closes.
    std::string read_to_end();

    /// All that comes up to and with this end; what comes after it stays for the next call.
    std::string read_until(const std::string& end);

    /// The next text message of a WebSocket (RFC 6455 §5.2); other frames are passed over.
    std::string read_text_frame();

private:
    bool receive_more();
    std::string take(std::size_t count);

    FileDescriptor socket_;
    std::string received_;
};

}  // namespace sporvakt::test
