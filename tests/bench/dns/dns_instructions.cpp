// dns_instructions LOAD COUNT: puts COUNT queries straight into the resolver's way of a query, as a
// worker does, without sockets, so that valgrind can count what each costs.  LOAD: blocked, cached.
#include "core/ledger/tally.h"
#include "dns/answering.h"
#include "dns/message/inspection.h"
#include "tests/support/dns/dns_builder.h"
#include "tests/support/dns/dns_rig.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

using namespace sporvakt;

namespace {

constexpr unsigned kRuleCount = 20'000;
constexpr unsigned kNameCount = 256;
constexpr unsigned kBatch = 32;

using Message = std::vector<std::uint8_t>;

std::string blocked_name(unsigned number) {
    return fmt::format("px.tracker{}.example", number);
}
std::string kept_name(unsigned number) {
    return fmt::format("www.site{}.example", number);
}

std::shared_ptr<const trackers::Catalogue> catalogue() {
    test::CatalogueBuilder builder;
    builder.list("Bench list");
    builder.company("meta", "Meta Platforms");
    for (unsigned number = 0; number < kRuleCount; ++number) {
        builder.block(blocked_name(number));
    }
    return builder.open();
}

/// Limited as every client is, so that the limit's cost counts, but never over it.
dns::AdmissionSettings generous() {
    dns::AdmissionSettings settings;
    settings.rate_limit = 100'000;
    return settings;
}

class Household {
public:
    Household()
        : policy_(std::make_shared<const policy::Policy>(std::vector{catalogue()},
                                                         policy::HouseholdRules{})) {
        client_.address = *IpAddress::from_text("192.168.1.20");
        for (unsigned number = 0; number < kNameCount; ++number) {
            keep(kept_name(number));
        }
    }

    void ask(const Message& query) { static_cast<void>(answering_.answer(query, client_, out_)); }
    void begin_batch() { answering_.refresh(); }

    [[nodiscard]] std::uint64_t count(dns::Count kind) const {
        dns::ResolverCounts counts;
        counters_.add_to(counts);
        return counts[kind];
    }

private:
    void keep(const std::string& name) {
        const auto reply =
            test::DnsBuilder::reply(name, 1).ttl(3600).a(name, {192, 0, 2, 1}).build();
        auto answer = dns::inspect_reply(reply, RecordType::A);
        answer->received = clock_.moment();
        const auto query = dns::Query::parse(test::DnsBuilder::query(name, 1).build());
        cache_.insert(query->key().text(),
                      std::make_shared<const dns::StoredAnswer>(std::move(*answer)));
    }

    Snapshot<policy::Policy> policy_;
    test::AddressFinder finder_;
    ledger::Tally tally_;
    test::HandClock clock_;
    dns::AnswerCache cache_{std::size_t{1024} * 1024};
    dns::Counters counters_;
    const dns::AnswerSettings settings_;
    const std::vector<Endpoint> listening_{*Endpoint::from_text("192.168.1.1:53")};
    const dns::ResolverInputs inputs_{policy_, finder_, tally_, clock_, nullptr};
    dns::Admission admission_{generous()};
    dns::Answering answering_{
        {0, settings_, inputs_, cache_, admission_, counters_, listening_, {}}};
    dns::Client client_;
    std::array<std::uint8_t, dns::kUdpSizeOurs> out_{};
};

std::vector<Message> queries(std::string_view load) {
    std::vector<Message> made;
    for (unsigned number = 0; number < kNameCount; ++number) {
        const std::string name =
            load == "blocked" ? blocked_name(number * 67 % kRuleCount) : kept_name(number);
        made.push_back(test::DnsBuilder::query(name, 1).edns().build());
    }
    return made;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 2 || (words[0] != "blocked" && words[0] != "cached")) {
        fmt::print(stderr, "usage: dns_instructions blocked|cached COUNT\n");
        return 64;
    }
    const auto asked = queries(words[0]);
    const auto count = std::stoul(words[1]);
    Household household;
    for (std::size_t number = 0; number < count; ++number) {
        if (number % kBatch == 0) {
            household.begin_batch();
        }
        household.ask(asked[number % asked.size()]);
    }
    // A number that counts something else is worse than none.
    const auto kind = words[0] == "blocked" ? dns::Count::Blocked : dns::Count::Cached;
    return household.count(kind) == count ? 0 : 1;
}
