#include "dns/serving/tcp_server.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"
#include "dns/serving/sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include <sys/socket.h>

namespace sporvakt::dns {
namespace {

constexpr std::size_t kLengthPrefix = 2;
constexpr int kAcceptsInARow = 16;
/// What is taken of one connection before it is another's turn: room for a dozen questions.
constexpr std::size_t kReadLength = 512;

bool is_out_of_descriptors(int code) {
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

}  // namespace

struct TcpServer::Connection {
    std::uint64_t number = 0;
    FileDescriptor socket;
    IpAddress client;
    std::uint16_t client_port = 0;
    Endpoint own;
    std::optional<TlsSession> tls;
    std::vector<std::uint8_t> unread;  ///< Received, not yet answered.
    std::vector<std::uint8_t> unsent;
    std::size_t waiting = 0;
    Moment accepted;
    Moment last_active;
    bool is_outside = false;     ///< Of a network that may not ask.
    bool is_over_limit = false;  ///< Asks too much: not read from until the next tick.
    bool has_ended = false;      ///< The client sends no more; what it asked is still answered.
    bool is_doomed = false;      ///< To be destroyed once nothing on the stack uses it.
    std::unique_ptr<EventLoop::Watch> readable;
    std::unique_ptr<EventLoop::Watch> writable;

    [[nodiscard]] bool may_ask() const {
        return !is_doomed && !is_over_limit && waiting < kWaitingMax &&
               unsent.size() < kUnsentBytesMax;
    }
    [[nodiscard]] bool is_done() const {
        return has_ended && !is_over_limit && waiting == 0 && unsent.empty();
    }
};

TcpServer::TcpServer(const Parts& parts, Listeners listeners)
    : parts_(parts), answer_(kMessageLengthMax) {
    SPORVAKT_ASSERT(parts.tls != nullptr || listeners.tls.empty());
    for (FileDescriptor& socket : listeners.tcp) {
        listeners_.push_back({std::move(socket), Transport::Tcp});
    }
    for (FileDescriptor& socket : listeners.tls) {
        listeners_.push_back({std::move(socket), Transport::Tls});
    }
    listen_again();
}

TcpServer::~TcpServer() = default;

void TcpServer::listen_again() {
    for (std::size_t at = listen_watches_.size(); at < listeners_.size(); ++at) {
        const Listener& listener = listeners_[at];
        listen_watches_.push_back(parts_.loop.when_readable(
            listener.socket.get(), [this, &listener] { accept_some(listener); }));
    }
}

void TcpServer::accept_some(const Listener& listener) {
    for (int accepted = 0; accepted < kAcceptsInARow && accept_one(listener); ++accepted) {
    }
}

bool TcpServer::accept_one(const Listener& listener) {
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    auto* address = static_cast<sockaddr*>(static_cast<void*>(&storage));
    FileDescriptor socket(
        accept4(listener.socket.get(), address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) {
        if (is_out_of_descriptors(errno)) {
            listen_watches_.clear();  // else the loop would spin; tick() listens again
        }
        return false;
    }
    const auto client = address_of(storage);
    const auto own = local_endpoint(socket);
    if (!client || !own) {
        return true;
    }
    auto connection = std::make_unique<Connection>();
    connection->number = ++last_number_;
    connection->socket = std::move(socket);
    connection->client = *client;
    connection->client_port = port_of(storage);
    connection->own = *own;
    if (listener.transport == Transport::Tls) {
        connection->tls.emplace(*parts_.tls);
    }
    connection->is_outside = parts_.admission.is_outside(*client);
    connection->accepted = parts_.clock.moment();
    connection->last_active = connection->accepted;
    make_room(*connection);
    Connection& kept = *connection;
    kept.readable = parts_.loop.when_readable(kept.socket.get(), [this, &kept] { read(kept); });
    connections_.emplace(kept.number, std::move(connection));
    parts_.counters.add(Count::TcpConnections);
    return true;
}

// Too many of one client: its own longest idle goes.  Too many in all: the longest idle of all.
// Those from outside count as one client, so that they cannot push out the house's.
void TcpServer::make_room(const Connection& for_this) {
    std::size_t of_client = 0;
    std::size_t in_all = 0;
    Connection* oldest = nullptr;
    Connection* oldest_of_client = nullptr;
    const auto is_of_client = [&](const Connection& other) {
        return for_this.is_outside ? other.is_outside : other.client == for_this.client;
    };
    const auto older = [](Connection* left, Connection* right) {
        return left == nullptr || right->last_active < left->last_active ? right : left;
    };
    for (const auto& [number, connection] : connections_) {
        if (connection->is_doomed) {
            continue;
        }
        ++in_all;
        oldest = older(oldest, connection.get());
        if (is_of_client(*connection)) {
            ++of_client;
            oldest_of_client = older(oldest_of_client, connection.get());
        }
    }
    if (of_client >= (for_this.is_outside ? kConnectionsFromOutsideMax : kConnectionsOfClientMax)) {
        doom(*oldest_of_client);
    } else if (in_all >= kConnectionCountMax) {
        doom(*oldest);
    }
}

void TcpServer::doom(Connection& connection) {
    if (connection.is_doomed) {
        return;
    }
    if (!connection.has_ended) {
        parts_.counters.add(Count::TcpClosed);
    }
    connection.is_doomed = true;
    if (connection.tls) {
        // Why, or that it was no accident: as far as the socket takes it at once.
        connection.tls->end(connection.unsent);
        [[maybe_unused]] const auto sent =
            ::send(connection.socket.get(), connection.unsent.data(), connection.unsent.size(),
                   MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    connection.readable.reset();
    connection.writable.reset();
    parts_.loop.post([this, number = connection.number] { connections_.erase(number); });
}

void TcpServer::read(Connection& connection) {
    std::array<std::uint8_t, kReadLength> bytes{};
    const auto count = recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            doom(connection);
        }
        return;
    }
    if (count == 0) {
        connection.has_ended = true;
        connection.readable.reset();
    }
    take_in(connection, Bytes(bytes).first(static_cast<std::size_t>(count)));
    answer_pending(connection);
}

void TcpServer::take_in(Connection& connection, Bytes received) {
    if (!connection.tls) {
        connection.unread.insert(connection.unread.end(), received.begin(), received.end());
        return;
    }
    const auto before = connection.tls->state();
    const auto state = connection.tls->receive(received, connection.unread, connection.unsent);
    if (state == TlsSession::State::Broken) {
        parts_.counters.add(Count::TlsFailed);
        doom(connection);
    } else if (state == TlsSession::State::Ended) {
        connection.has_ended = true;
        connection.readable.reset();
    }
    if (before == TlsSession::State::Handshake && connection.tls->is_open()) {
        parts_.counters.add(Count::TlsConnections);
    }
}

void TcpServer::answer_pending(Connection& connection) {
    parts_.answering.refresh();
    while (connection.may_ask() && answer_next(connection)) {
    }
    flush(connection);
    if (connection.is_doomed || connection.has_ended) {
        return;
    }
    // Whoever does not take its answers is not read from until it does.
    if (!connection.may_ask()) {
        connection.readable.reset();
    } else if (!connection.readable) {
        connection.readable = parts_.loop.when_readable(connection.socket.get(),
                                                        [this, &connection] { read(connection); });
    }
}

bool TcpServer::answer_next(Connection& connection) {
    const Bytes unread(connection.unread);
    if (unread.size() < kLengthPrefix) {
        return false;
    }
    const std::size_t length = load16(unread, 0);
    if (length > kQueryLengthMax) {
        doom(connection);  // no question is that long
        return false;
    }
    if (unread.size() < kLengthPrefix + length) {
        return false;
    }
    const std::vector<std::uint8_t> message(
        connection.unread.begin() + kLengthPrefix,
        connection.unread.begin() + static_cast<std::ptrdiff_t>(kLengthPrefix + length));
    Client client;
    client.transport = connection.tls ? Transport::Tls : Transport::Tcp;
    client.address = connection.client;
    client.port = connection.client_port;
    client.own_address = connection.own.address;
    client.own_port = connection.own.port;
    client.connection = connection.number;
    ++connection.waiting;  // before: the answer may come while we ask
    const Reply reply = parts_.answering.answer(message, client, answer_);
    if (reply.kind == Reply::Kind::Wait) {
        --connection.waiting;
        connection.is_over_limit = true;
        return false;
    }
    connection.unread.erase(
        connection.unread.begin(),
        connection.unread.begin() + static_cast<std::ptrdiff_t>(kLengthPrefix + length));
    connection.last_active = parts_.clock.moment();
    if (reply.kind == Reply::Kind::Later) {
        return true;
    }
    --connection.waiting;
    if (reply.kind == Reply::Kind::Never) {
        doom(connection);  // it does not speak DNS
        return false;
    }
    append(connection, Bytes(answer_).first(reply.length));
    return true;
}

void TcpServer::append(Connection& connection, Bytes answer) {
    std::array<std::uint8_t, kLengthPrefix> prefix{};
    store16(prefix, 0, static_cast<std::uint16_t>(answer.size()));
    if (connection.tls) {
        std::vector<std::uint8_t> whole(prefix.begin(), prefix.end());
        whole.insert(whole.end(), answer.begin(), answer.end());
        connection.tls->send(whole, connection.unsent);  // in one record: its length tells less
        return;
    }
    connection.unsent.insert(connection.unsent.end(), prefix.begin(), prefix.end());
    connection.unsent.insert(connection.unsent.end(), answer.begin(), answer.end());
}

void TcpServer::flush(Connection& connection) {
    if (connection.is_doomed) {
        return;
    }
    if (!connection.unsent.empty()) {
        const Moment now = parts_.clock.moment();
        const auto sent = ::send(connection.socket.get(), connection.unsent.data(),
                                 connection.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            doom(connection);
            return;
        }
        if (sent > 0) {
            connection.unsent.erase(connection.unsent.begin(), connection.unsent.begin() + sent);
            connection.last_active = now;
        }
    }
    if (connection.unsent.empty()) {
        connection.writable.reset();
    } else if (!connection.writable) {
        connection.writable = parts_.loop.when_writable(
            connection.socket.get(), [this, number = connection.number] { resume(number); });
    }
    if (connection.is_done()) {
        doom(connection);
    }
}

void TcpServer::resume(std::uint64_t number) {
    if (Connection* connection = find(number)) {
        answer_pending(*connection);
    }
}

TcpServer::Connection* TcpServer::find(std::uint64_t number) {
    const auto found = connections_.find(number);
    return found == connections_.end() || found->second->is_doomed ? nullptr : found->second.get();
}

void TcpServer::send(std::uint64_t number, Bytes answer) {
    Connection* connection = find(number);
    if (connection == nullptr) {
        return;
    }
    const bool was_full = !connection->may_ask();
    --connection->waiting;
    append(*connection, answer);
    flush(*connection);
    if (was_full) {
        // Later: we may be inside of a question that is being put, and resuming puts more.
        parts_.loop.post([this, number] { resume(number); });
    }
}

void TcpServer::tick() {
    const Moment now = parts_.clock.moment();
    for (const auto& [number, connection] : connections_) {
        const bool is_shaking_hands = connection->tls && !connection->tls->is_open();
        if (now - connection->last_active > kConnectionIdleMax ||
            (is_shaking_hands && now - connection->accepted > kHandshakeMax)) {
            doom(*connection);
        } else if (std::exchange(connection->is_over_limit, false)) {
            resume(number);
        }
    }
    listen_again();
}

}  // namespace sporvakt::dns
