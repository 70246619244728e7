#pragma once

#include "dns/upstream/upstream.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// The Internet as a test wants it: answers when the test says so.
class FakeUpstream final : public dns::Upstream {
public:
    struct Asked {
        dns::UpstreamQuestion question;
        std::uint64_t exchange = 0;
        dns::UpstreamListener* listener = nullptr;
    };

    void ask(const dns::UpstreamQuestion& question, std::uint64_t exchange,
             dns::UpstreamListener& listener) override {
        asked.push_back({question, exchange, &listener});
        const auto known = at_once.find(question.name);
        if (known != at_once.end()) {
            listener.on_reply(exchange, {known->second, dns::Security::Insecure});
        }
    }

    void reply(std::size_t which, const std::vector<std::uint8_t>& message,
               dns::Security security = dns::Security::Insecure) {
        const Asked& one = asked.at(which);
        one.listener->on_reply(one.exchange, {message, security});
    }

    std::vector<Asked> asked;
    /// Replies given inside of ask(), by name with its last dot, as from libunbound's own cache.
    std::map<std::string, std::vector<std::uint8_t>> at_once;
};

}  // namespace sporvakt::test
