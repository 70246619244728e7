#include "tests/support/web_house.h"

#include "core/trackers/catalogue_writer.h"
#include "tests/support/temporary_folder.h"
#include "webui/server/password.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sporvakt::test {
namespace {

using trackers::company_id;

std::shared_ptr<const trackers::Catalogue> catalogue() {
    const TemporaryFolder folder;
    trackers::CatalogueWriter writer;
    const auto list = writer.add_list("test list");
    const bool is_filled =
        list && writer.add_company({"meta", "Meta Platforms", "", "US", ""}) &&
        writer.add_company({"insta", "Insta", "meta", "US", ""}) &&
        writer.add_company({"ads", "Ads & Sons", "", "", ""}) &&
        writer.add_domain("pixel.example", "meta", trackers::Purpose::Advertising) &&
        writer.add(*list, {"pixel.example", trackers::RuleScope::WithSubdomains, {}, "||", "^"}) &&
        writer.write(folder.file("catalogue.mdb"), "2026-11-21T12:00:00Z");
    const auto opened = trackers::Catalogue::open(folder.file("catalogue.mdb"));
    if (!is_filled || !opened) {
        std::abort();  // no test can say anything without it
    }
    return *opened;
}

devices::DeviceTable device_table() {
    devices::Device phone;
    phone.id = WebHouse::phone();
    phone.given_name = "Kari sin telefon";
    phone.vendor = "Apple";
    phone.bypasses = {{devices::Bypass::DnsElsewhere, "8.8.8.8", kWebNow - std::chrono::hours(1)}};
    phone.first_seen = kWebNow - std::chrono::hours(48);
    phone.last_seen = kWebNow - std::chrono::minutes(1);
    devices::Device tv;
    tv.id = WebHouse::tv();
    tv.announced_name = "Stue-TV";
    tv.addresses = {*IpAddress::from_text("192.168.1.30")};
    return devices::DeviceTable({phone, tv});
}

ledger::Contact contact(const devices::DeviceId& device, const std::string& name,
                        trackers::CompanyId company) {
    ledger::Contact made;
    made.first = kWebNow - std::chrono::minutes(30);
    made.last = made.first + std::chrono::minutes(1);
    made.device = device;
    made.name = name;
    made.company = company;
    made.purpose = trackers::Purpose::Advertising;
    made.attempts = 1;
    return made;
}

}  // namespace

Result<void> WebKeeper::submit(const ledger::Order& order) {
    const std::lock_guard lock(mutex_);
    if (order_failure_) {
        return tl::unexpected(*order_failure_);
    }
    orders_.push_back(order);
    if (const auto* const password = std::get_if<ledger::SetPasswordHash>(&order)) {
        hash_ = password->hash;
    }
    return {};
}

Result<std::optional<std::string>> WebKeeper::password_hash() const {
    const std::lock_guard lock(mutex_);
    if (password_fails_) {
        return fail(Errc::Storage, "household.mdb is damaged");
    }
    return hash_;
}

void WebKeeper::set_hash(std::optional<std::string> hash) {
    const std::lock_guard lock(mutex_);
    hash_ = std::move(hash);
}

void WebKeeper::fail_orders(Error error) {
    const std::lock_guard lock(mutex_);
    order_failure_ = std::move(error);
}

void WebKeeper::fail_password() {
    const std::lock_guard lock(mutex_);
    password_fails_ = true;
}

std::vector<ledger::Order> WebKeeper::orders() const {
    const std::lock_guard lock(mutex_);
    return orders_;
}

WebHouse::WebHouse()
    : devices(std::make_shared<const devices::DeviceTable>(device_table())),
      policy(std::make_shared<const policy::Policy>(
          std::vector<std::shared_ptr<const trackers::Catalogue>>{catalogue()},
          policy::HouseholdRules{})) {
    settings.listen = {*Endpoint::from_text("127.0.0.1:0")};
    settings.host_names = {"sporvakt.lan"};
    settings.version = "1.2.3";
    knowledge::Decision ban;
    ban.date = "2023-07-14";
    ban.authority = "Datatilsynet";
    ban.country = "NO";
    ban.company = "meta";
    ban.party = "Meta Platforms Ireland";
    ban.trackers = {"meta"};
    ban.outcome = "Temporary ban";
    ban.sources = {"https://example.com/ban"};
    knowledge.decisions = {ban};
    knowledge.aliases = {{"facebook", "meta"}};
}

devices::DeviceId WebHouse::phone() {
    return devices::DeviceId(MacAddress({0x3c, 0x22, 0xfb, 0x12, 0x34, 0x01}));
}

devices::DeviceId WebHouse::tv() {
    return devices::DeviceId(MacAddress({0x3c, 0x22, 0xfb, 0x12, 0x34, 0x02}));
}

devices::DeviceId WebHouse::nobody() {
    return devices::DeviceId(*IpAddress::from_text("192.168.1.99"));
}

trackers::CompanyId WebHouse::meta() {
    return company_id("meta");
}

trackers::CompanyId WebHouse::insta() {
    return company_id("insta");
}

trackers::CompanyId WebHouse::ads() {
    return company_id("ads");
}

void WebHouse::set_password() {
    keeper.set_hash(*webui::hash_password(kPassword, webui::PasswordCost::Least));
}

ledger::Contact prevented(const devices::DeviceId& device, const std::string& name,
                          trackers::CompanyId company) {
    auto made = contact(device, name, company);
    made.rule = "||pixel.example^";
    made.list = "test list";
    return made;
}

ledger::Contact leaked(const devices::DeviceId& device, const std::string& name,
                       trackers::CompanyId company) {
    auto made = contact(device, name, company);
    made.outcome = ledger::Outcome::Leaked;
    made.source = ledger::NameSource::Tls;
    made.cause = ledger::Cause::Bypassed;
    made.bytes_up = 100;
    made.bytes_down = 1000;
    return made;
}

webui::RawRequest raw_request(std::string_view method, std::string_view target) {
    const std::size_t question = std::min(target.find('?'), target.size());
    webui::RawRequest raw;
    raw.method = method;
    raw.path = target.substr(0, question);
    raw.query = target.substr(std::min(question + 1, target.size()));
    raw.headers = {{"Host", "192.168.1.1"},
                   {"Origin", "http://192.168.1.1"},
                   {"Content-Type", "application/json"}};
    raw.client = *IpAddress::from_text("192.168.1.50");
    return raw;
}

webui::Request request(std::string_view method, std::string_view target, std::string_view body) {
    auto raw = raw_request(method, target);
    raw.body = body;
    const auto made = webui::Request::from_raw(raw);
    if (!made) {
        std::abort();  // the test's own request is wrong
    }
    return *made;
}

}  // namespace sporvakt::test
