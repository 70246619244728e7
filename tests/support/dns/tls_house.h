#pragma once

#include "dns/tls/tls_certificate.h"
#include "tests/support/hand_clock.h"
#include "tests/support/temporary_folder.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::test {

/// A certificate for 127.0.0.1 in a folder of its own, good at the machine's time.
struct TlsHouse {
    [[nodiscard]] Result<void> provide(Timestamp now) const {
        return dns::provide_certificate(files, addresses, now);
    }
    [[nodiscard]] std::shared_ptr<const dns::TlsContext> context() const {
        static_cast<void>(provide(SystemClock().now()));
        return *dns::TlsContext::load(files);
    }

    TemporaryFolder folder;
    dns::TlsFiles files{folder.file("certificate.pem"), folder.file("key.pem")};
    std::vector<IpAddress> addresses{*IpAddress::from_text("127.0.0.1")};
};

}  // namespace sporvakt::test
