#include "dns/upstream/tls_forwarder.h"

#include "core/base/big_endian.h"
#include "core/base/log.h"
#include "dns/message/wire.h"
#include "dns/serving/sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sporvakt::dns {
namespace {

constexpr std::chrono::milliseconds kTick{250};
constexpr std::uint64_t kPatienceTicks = 20;  // 5 s: libunbound has given up by then
constexpr std::uint64_t kIdleTicks = 80;      // 20 s
constexpr std::uint64_t kSilenceTicks = 8;    // 2 s
constexpr int kQuestionsInARow = 64;
constexpr std::size_t kLengthPrefix = 2;
constexpr unsigned kSendingsMax = 2;
constexpr std::uint16_t kServFail = static_cast<std::uint16_t>(Rcode::ServFail);

std::string text_of(int code) {
    return std::generic_category().message(code);
}

sockaddr* as_sockaddr(void* address) {
    return static_cast<sockaddr*>(address);
}

// The question alone, with a verdict: what remains of a message that got no answer.
std::vector<std::uint8_t> bare_reply(Bytes message, std::uint16_t flags) {
    const auto name_end = end_of_name(message, kHeaderLength);
    const std::size_t end = name_end ? *name_end + 4 : message.size() + 1;
    if (end > message.size()) {
        return {};
    }
    std::vector<std::uint8_t> reply(message.begin(),
                                    message.begin() + static_cast<std::ptrdiff_t>(end));
    store16(reply, 2,
            static_cast<std::uint16_t>(kFlagReply | kFlagRecursionAvailable | flags |
                                       (load16(reply, 2) & kFlagRecursionDesired)));
    for (const std::size_t count_at : {6U, 8U, 10U}) {
        store16(reply, count_at, 0);
    }
    return reply;
}

}  // namespace

Result<std::unique_ptr<TlsForwarder>> TlsForwarder::open(EventLoop& loop, Forwarder forwarder,
                                                         const TlsTrust& trust) {
    std::unique_ptr<TlsForwarder> opened(new TlsForwarder(loop, std::move(forwarder), trust));
    opened->udp_ = FileDescriptor(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr({*IpAddress::from_text("127.0.0.1"), 0}, address);
    const int udp = opened->udp_.get();
    if (bind(udp, as_sockaddr(&address), length) != 0) {
        return system_failure("upstream: cannot have a UDP port on 127.0.0.1");
    }
    opened->local_ = SPORVAKT_TRY(local_endpoint(opened->udp_));
    opened->questions_ = loop.when_readable(udp, [self = opened.get()] { self->take_questions(); });
    opened->ticker_ = loop.every(kTick, [self = opened.get()] { self->tick(); });
    return opened;
}

TlsForwarder::TlsForwarder(EventLoop& loop, Forwarder forwarder, const TlsTrust& trust)
    : loop_(loop), forwarder_(std::move(forwarder)), trust_(trust) {}

void TlsForwarder::take_questions() {
    std::array<std::uint8_t, 4096> message{};
    for (int turn = 0; turn < kQuestionsInARow; ++turn) {
        sockaddr_in peer{};
        socklen_t length = sizeof(peer);
        const auto got =
            recvfrom(udp_.get(), message.data(), message.size(), 0, as_sockaddr(&peer), &length);
        if (got < 0) {
            break;
        }
        take_question(Bytes(message).first(static_cast<std::size_t>(got)), peer);
    }
    if (connection_.is_open()) {
        send_waiting();
    } else if (failed_at_ == ticks_) {
        refuse_all();
    } else if (!pending_.empty()) {
        connect();
    }
}

void TlsForwarder::take_question(Bytes message, const sockaddr_in& peer) {
    if (message.size() < kHeaderLength || pending_.size() >= kPendingMax) {
        return;
    }
    // In order: nobody else can answer over TLS, so there is nothing to guess.
    do {
        ++last_id_;
    } while (pending_.contains(last_id_));
    Pending pending{peer, load16(message, 0), {message.begin(), message.end()}, 0, ticks_};
    store16(pending.message, 0, last_id_);
    pending_.emplace(last_id_, std::move(pending));
    waiting_.push_back(last_id_);
}

void TlsForwarder::connect() {
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr(forwarder_.endpoint, address);
    connection_ =
        FileDescriptor(socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int no_delay = 1;
    setsockopt(connection_.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
    last_used_ = ticks_;
    if (::connect(connection_.get(), as_sockaddr(&address), length) != 0 && errno != EINPROGRESS) {
        give_up(text_of(errno));
        return;
    }
    writable_ = loop_.when_writable(connection_.get(), [this] { on_connected(); });
}

void TlsForwarder::on_connected() {
    writable_.reset();
    int code = 0;
    socklen_t length = sizeof(code);
    getsockopt(connection_.get(), SOL_SOCKET, SO_ERROR, &code, &length);
    if (code != 0) {
        lose(text_of(code));
        return;
    }
    session_.emplace(trust_, forwarder_.tls_name);
    session_->begin(unsent_);
    last_heard_ = ticks_;
    readable_ = loop_.when_readable(connection_.get(), [this] { on_readable(); });
    flush();
}

void TlsForwarder::on_readable() {
    std::array<std::uint8_t, 16384> bytes{};
    const auto got = recv(connection_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        lose(got == 0 ? "it closed the connection" : text_of(errno));
        return;
    }
    last_used_ = ticks_;
    last_heard_ = ticks_;
    const auto state =
        session_->receive(Bytes(bytes).first(static_cast<std::size_t>(got)), received_, unsent_);
    take_answers();
    if (state == TlsSession::State::Broken || state == TlsSession::State::Ended) {
        flush();                                      // its alert says what we did not like
        const std::string why = session_->failure();  // which ends with the session
        lose(why);
        return;
    }
    if (state == TlsSession::State::Open) {
        is_proven_ = true;
        is_told_ = false;
        send_waiting();
    } else {
        flush();
    }
}

void TlsForwarder::take_answers() {
    std::size_t at = 0;
    while (received_.size() - at >= kLengthPrefix) {
        const std::size_t length = load16(received_, at);
        if (received_.size() - at < kLengthPrefix + length) {
            break;
        }
        const Bytes message = Bytes(received_).subspan(at + kLengthPrefix, length);
        at += kLengthPrefix + length;
        const auto found =
            length < kHeaderLength ? pending_.end() : pending_.find(load16(message, 0));
        if (found != pending_.end()) {
            give(found->second, {message.begin(), message.end()});
            pending_.erase(found);
        }
    }
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(at));
}

void TlsForwarder::send_waiting() {
    if (!session_ || session_->state() != TlsSession::State::Open) {
        return;  // once hands are shaken
    }
    std::vector<std::uint8_t> frames;
    for (const std::uint16_t id : waiting_) {
        const auto found = pending_.find(id);
        if (found == pending_.end()) {
            continue;  // given up
        }
        const std::vector<std::uint8_t>& message = found->second.message;
        std::array<std::uint8_t, kLengthPrefix> prefix{};
        store16(prefix, 0, static_cast<std::uint16_t>(message.size()));
        frames.insert(frames.end(), prefix.begin(), prefix.end());
        frames.insert(frames.end(), message.begin(), message.end());
        ++found->second.sendings;
    }
    waiting_.clear();
    if (!frames.empty()) {
        session_->send(frames, unsent_);
        last_used_ = ticks_;
    }
    flush();
}

void TlsForwarder::flush() {
    const auto sent =
        ::send(connection_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
        unsent_.erase(unsent_.begin(), unsent_.begin() + sent);
    }
    // (An error shows when the connection is read.)
    if (unsent_.empty()) {
        writable_.reset();
    } else if (!writable_) {
        writable_ = loop_.when_writable(connection_.get(), [this] { flush(); });
    }
}

void TlsForwarder::lose(std::string_view why) {
    const bool was_open = session_ && session_->failure().empty() && is_proven_;
    disconnect();
    if (!was_open) {
        give_up(why);
        return;
    }
    // Most servers close when idle, and may do so just when we ask (RFC 7766 §6.2.4).
    for (auto pending = pending_.begin(); pending != pending_.end();) {
        if (pending->second.sendings < kSendingsMax) {
            waiting_.push_back(pending->first);
            ++pending;
        } else {
            give(pending->second, bare_reply(pending->second.message, kServFail));
            pending = pending_.erase(pending);
        }
    }
    if (!pending_.empty()) {
        connect();
    }
}

void TlsForwarder::give_up(std::string_view why) {
    disconnect();
    if (!is_told_) {
        is_told_ = true;
        log::warning(fmt::format("upstream: {} cannot be asked: {}", forwarder_.text(), why));
    }
    failed_at_ = ticks_;
    refuse_all();
}

void TlsForwarder::disconnect() {
    readable_.reset();
    writable_.reset();
    session_.reset();
    connection_ = FileDescriptor();
    received_.clear();
    unsent_.clear();
    waiting_.clear();
    is_proven_ = false;
}

void TlsForwarder::refuse_all() {
    for (const auto& [id, pending] : pending_) {
        give(pending, bare_reply(pending.message, kServFail));
    }
    pending_.clear();
    waiting_.clear();
}

void TlsForwarder::give(const Pending& pending, std::vector<std::uint8_t> message) const {
    if (message.empty()) {
        return;
    }
    store16(message, 0, pending.id);
    sockaddr_in peer = pending.peer;
    const auto sent =
        sendto(udp_.get(), message.data(), message.size(), 0, as_sockaddr(&peer), sizeof(peer));
    if (sent < 0 && errno == EMSGSIZE) {
        // A few bytes more than UDP carries: nothing that a household asks for.
        std::vector<std::uint8_t> cut = bare_reply(message, kServFail);
        sendto(udp_.get(), cut.data(), cut.size(), 0, as_sockaddr(&peer), sizeof(peer));
    }
}

void TlsForwarder::tick() {
    ++ticks_;
    std::uint64_t longest = 0;  // that somebody waits without a byte from the forwarder
    for (auto pending = pending_.begin(); pending != pending_.end();) {
        const std::uint64_t since = pending->second.since;
        longest = std::max(longest, ticks_ - std::max(since, last_heard_));
        pending = ticks_ - since > kPatienceTicks ? pending_.erase(pending) : std::next(pending);
    }
    if (!connection_.is_open()) {
        return;
    }
    if (is_proven_ && longest > kSilenceTicks) {
        lose("it has gone silent");  // a router on the way may have forgotten the connection
        return;
    }
    const std::uint64_t silence = ticks_ - last_used_;
    if (!is_proven_ && silence > kPatienceTicks) {
        lose("it does not answer");
    } else if (silence > kIdleTicks) {
        disconnect();  // whatever it still owes us, libunbound has given up
    }
}

}  // namespace sporvakt::dns
