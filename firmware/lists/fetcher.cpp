#include "firmware/lists/fetcher.h"

#include "core/base/ascii.h"
#include "core/base/file_descriptor.h"
#include "dns/serving/client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

constexpr mode_t kFileMode = 0600;
using Long = long;  // NOLINT(google-runtime-int): libcurl's settings are longs
using Milliseconds = std::chrono::duration<Long, std::milli>;
using Seconds = std::chrono::duration<Long>;

constexpr Long kOk = 200;
constexpr Long kNotModified = 304;

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using Headers = std::unique_ptr<curl_slist, Free>;

void append(Headers& headers, const std::string& line) {
    if (curl_slist* const longer = curl_slist_append(headers.get(), line.c_str())) {
        static_cast<void>(headers.release());  // is the beginning of the longer one, or null
        headers.reset(longer);
    }
}

/// The file that comes to be; gone with this object unless it is kept.
class PartFile {
public:
    explicit PartFile(std::string path) : path_(std::move(path)) {
        ::unlink(path_.c_str());
        file_ = FileDescriptor(
            ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
        note_failure(file_.is_open());
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    PartFile(PartFile&&) = delete;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile() {
        if (!is_kept_) {
            ::unlink(path_.c_str());
        }
    }

    bool write(const char* bytes, std::size_t count) {
        while (count > 0 && failure_ == 0) {
            const ssize_t written = ::write(file_.get(), bytes, count);
            if (written < 0 && errno == EINTR) {
                continue;
            }
            note_failure(written > 0);
            if (written > 0) {
                bytes += written;
                count -= static_cast<std::size_t>(written);
            }
        }
        return failure_ == 0;
    }

    bool keep() {
        note_failure(::fsync(file_.get()) == 0);
        is_kept_ = failure_ == 0;
        return is_kept_;
    }

    /// What the system said when writing failed.
    [[nodiscard]] std::optional<std::string> failure() const {
        return failure_ == 0 ? std::nullopt
                             : std::optional(fmt::format("cannot write {}: {}", path_,
                                                         ::strerrordesc_np(failure_)));
    }

private:
    void note_failure(bool is_well) {
        if (!is_well && failure_ == 0) {
            failure_ = errno == 0 ? EIO : errno;
        }
    }

    std::string path_;
    FileDescriptor file_;
    int failure_ = 0;
    bool is_kept_ = false;
};

/// One exchange, with what libcurl tells of it in its calls.
class Exchange {
public:
    Exchange(const FetchSettings& settings, const FetchRequest& request, std::stop_token stop)
        : settings_(settings), request_(request), stop_(std::move(stop)), file_(request.to) {}

    Expected<Fetched, FetchFailure> run();

private:
    enum class Refusal : std::uint8_t { None, BodyTooLong, HeaderTooLong, NotLoopback, Stopped };

    void set_up();
    void set_limits();
    void limit_reach();
    [[nodiscard]] std::optional<FetchFailure> failure_of(CURLcode code) const;
    [[nodiscard]] std::optional<FetchFailure> failure_of_status(Long status) const;
    [[nodiscard]] std::string_view fault_of_certificate() const;
    [[nodiscard]] std::optional<std::string> own_refusal() const;
    void take_header(std::string_view line);
    std::size_t refuse(Refusal why);

    template <class Value>
    void set(CURLoption option, Value value) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the only way that libcurl has
        is_set_up_ = curl_easy_setopt(handle_.get(), option, value) == CURLE_OK && is_set_up_;
    }

    static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
    static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
    static int on_progress(void* self, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                           curl_off_t up);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

    const FetchSettings& settings_;
    const FetchRequest& request_;
    std::stop_token stop_;
    PartFile file_;
    Handle handle_{curl_easy_init()};
    Headers headers_;
    std::array<char, CURL_ERROR_SIZE> words_{};
    bool is_set_up_ = true;
    Fetched fetched_;
    std::size_t header_bytes_ = 0;
    Refusal refusal_ = Refusal::None;
};

Expected<Fetched, FetchFailure> Exchange::run() {
    if (auto failure = file_.failure()) {
        return tl::unexpected(FetchFailure{std::move(*failure), false});
    }
    if (handle_) {
        set_up();
    }
    if (!handle_ || !is_set_up_) {
        return tl::unexpected(FetchFailure{"libcurl cannot do what is needed of it", false});
    }
    if (auto failure = failure_of(curl_easy_perform(handle_.get()))) {
        return tl::unexpected(std::move(*failure));
    }
    Long status = 0;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (auto failure = failure_of_status(status)) {
        return tl::unexpected(std::move(*failure));
    }
    fetched_.is_new = status == kOk;
    if (fetched_.is_new && !file_.keep()) {
        return tl::unexpected(FetchFailure{*file_.failure(), false});
    }
    return fetched_;
}

void Exchange::set_up() {
    append(headers_, "Accept: text/plain, */*;q=0.1");
    if (!request_.validators.etag.empty()) {
        append(headers_, "If-None-Match: " + request_.validators.etag);
    }
    if (!request_.validators.last_modified.empty()) {
        append(headers_, "If-Modified-Since: " + request_.validators.last_modified);
    }
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_USERAGENT, "Sporvakt");  // no version: it would tell one household from another
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, Long{Fetcher::kRedirectsMax});
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, words_.data());
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set_limits();
    limit_reach();
}

void Exchange::set_limits() {
    set(CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(settings_.connect_time_max).count());
    set(CURLOPT_TIMEOUT_MS, Milliseconds(settings_.time_max).count());
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<Long>(settings_.bytes_per_second_min));
    set(CURLOPT_LOW_SPEED_TIME, Seconds(settings_.slow_for_max).count());
    // Before anything comes, where the server says how much that would be.
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(settings_.bytes_max));
}

void Exchange::limit_reach() {
    set(CURLOPT_SSLVERSION, Long{CURL_SSLVERSION_TLSv1_2});
    if (!settings_.certificates.empty()) {
        set(CURLOPT_CAINFO, settings_.certificates.c_str());
    }
    const bool is_loopback = settings_.reach == Reach::Loopback;
    set(CURLOPT_PROTOCOLS_STR, is_loopback ? "http,https" : "https");
    // From HTTPS never back to HTTP, whoever may be reached.
    const bool begins_plainly = is_loopback && request_.url.starts_with("http://");
    set(CURLOPT_REDIR_PROTOCOLS_STR, begins_plainly ? "http,https" : "https");
    if (is_loopback) {
        set(CURLOPT_NOPROXY, "*");
        set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_socket);
        set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    }
}

std::optional<FetchFailure> Exchange::failure_of(CURLcode code) const {
    if (auto failure = file_.failure()) {
        return FetchFailure{std::move(*failure), false};
    }
    if (auto refusal = own_refusal()) {
        return FetchFailure{std::move(*refusal), false};
    }
    const std::string host = host_of_list_url(request_.url);
    const auto failed = [&host](std::string_view what, bool is_passing) {
        return FetchFailure{fmt::format("{} {}", host, what), is_passing};
    };
    switch (static_cast<int>(code)) {
        case CURLE_OK:
            return std::nullopt;
        case CURLE_FILESIZE_EXCEEDED:
            return failed(
                fmt::format("offers more than {} bytes, which is no list", settings_.bytes_max),
                false);
        case CURLE_TOO_MANY_REDIRECTS:
            return failed(fmt::format("sends on to somewhere else more than {} times",
                                      Fetcher::kRedirectsMax),
                          false);
        case CURLE_UNSUPPORTED_PROTOCOL:
            return failed("leads to what is not HTTPS", false);
        case CURLE_PEER_FAILED_VERIFICATION:
            return failed(fault_of_certificate(), false);
        case CURLE_BAD_CONTENT_ENCODING:
            return failed("sends bytes that are not the gzip that it says", true);
        case CURLE_PARTIAL_FILE:
            return failed("stopped before all had come", true);
        case CURLE_OPERATION_TIMEDOUT:
            return failed("is too slow, or silent", true);
        default:
            break;
    }
    const std::string_view words =
        words_.front() == '\0' ? curl_easy_strerror(code) : words_.data();
    return failed(fmt::format("cannot be fetched from: {}", words), true);
}

std::string_view Exchange::fault_of_certificate() const {
    Long result = X509_V_OK;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    curl_easy_getinfo(handle_.get(), CURLINFO_SSL_VERIFYRESULT, &result);
    switch (result) {
        // OpenSSL found nothing, or has not been asked for its result yet: libcurl itself compares
        // the name.
        case X509_V_OK:
        case X509_V_ERR_UNSPECIFIED:
            return "has a certificate for another name";
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "has a certificate that has run out; is the clock right?";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "has a certificate that does not hold yet; is the clock right?";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return "has a certificate that nobody but itself vouches for";
        default:
            return "has no certificate that this machine trusts";
    }
}

std::optional<std::string> Exchange::own_refusal() const {
    switch (refusal_) {
        case Refusal::None:
            return std::nullopt;
        case Refusal::BodyTooLong:
            return fmt::format("sends more than {} bytes, which is no list", settings_.bytes_max);
        case Refusal::HeaderTooLong:
            return fmt::format("sends a header of more than {} bytes", Fetcher::kHeaderBytesMax);
        case Refusal::NotLoopback:
            return "leads away from this machine";
        case Refusal::Stopped:
            return "the program was told to stop";
    }
    return std::nullopt;
}

std::optional<FetchFailure> Exchange::failure_of_status(Long status) const {
    const std::string host = host_of_list_url(request_.url);
    if (status == kOk || (status == kNotModified && !request_.validators.is_empty())) {
        return std::nullopt;
    }
    if (status == kNotModified) {
        return FetchFailure{host + " says that nothing has changed, but nothing was here", false};
    }
    // RFC 9110 §15: 408 and 429 ask for another try, so does what is the server's own fault.
    const bool is_passing = status == 408 || status == 429 || status >= 500;
    const std::string_view sense = status == 404 || status == 410 ? " (there is no such list)" : "";
    return FetchFailure{fmt::format("{} answers with {}{}", host, status, sense), is_passing};
}

void Exchange::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {
        fetched_.validators = {};  // a redirect's, or a 100's, are not those of the file
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1), " \t\r\n");
    const bool is_odd =
        value.size() > Fetcher::kValidatorLengthMax ||
        std::any_of(value.begin(), value.end(), [](char c) { return c < ' ' || c > '~'; });
    if (is_odd) {
        return;  // it is sent back one day
    }
    if (equals_ignoring_case(name, "etag")) {
        fetched_.validators.etag = value;
    } else if (equals_ignoring_case(name, "last-modified")) {
        fetched_.validators.last_modified = value;
    }
}

// Not all was taken: libcurl ends the exchange.
std::size_t Exchange::refuse(Refusal why) {
    refusal_ = why;
    return 0;
}

std::size_t Exchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t length = size * count;
    exchange.fetched_.bytes += length;
    if (exchange.fetched_.bytes > exchange.settings_.bytes_max) {
        return exchange.refuse(Refusal::BodyTooLong);
    }
    return exchange.file_.write(bytes, length) ? length : 0;
}

std::size_t Exchange::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    const std::size_t length = size * count;
    exchange.header_bytes_ += length;
    if (exchange.header_bytes_ > Fetcher::kHeaderBytesMax) {
        return exchange.refuse(Refusal::HeaderTooLong);
    }
    exchange.take_header({bytes, length});
    return length;
}

int Exchange::on_progress(void* self, curl_off_t /*down_all*/, curl_off_t /*down*/,
                          curl_off_t /*up_all*/, curl_off_t /*up*/) {
    auto& exchange = *static_cast<Exchange*>(self);
    if (exchange.stop_.stop_requested()) {
        exchange.refusal_ = Refusal::Stopped;
    }
    return exchange.refusal_ == Refusal::Stopped ? 1 : 0;
}

curl_socket_t Exchange::on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    auto& exchange = *static_cast<Exchange*>(self);
    sockaddr_storage storage{};
    std::memcpy(&storage, &address->addr, std::min<std::size_t>(address->addrlen, sizeof(storage)));
    const auto to = dns::address_of(storage);
    if (!to || !to->is_loopback()) {
        exchange.refusal_ = Refusal::NotLoopback;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

Expected<Fetched, FetchFailure> Fetcher::fetch(const FetchRequest& request,
                                               const std::stop_token& stop) const {
    if (const auto fault = fault_of_list_url(request.url, settings_.reach)) {
        return tl::unexpected(FetchFailure{fmt::format("'{}' {}", request.url, *fault), false});
    }
    return Exchange(settings_, request, stop).run();
}

}  // namespace sporvakt::firmware
