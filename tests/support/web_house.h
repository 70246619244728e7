#pragma once

#include "core/ledger/order.h"
#include "tests/support/hand_clock.h"
#include "tests/support/memory_reports.h"
#include "webui/server/access.h"
#include "webui/server/call.h"
#include "webui/server/live/live_feed.h"
#include "webui/server/request.h"
#include "webui/server/server.h"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::test {

/// 2026-11-21 14:30 UTC: when the tests of the web server happen.
constexpr Timestamp kWebNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                            std::chrono::minutes(14 * 60 + 30)};

/// Keeps the password and carries orders out at once, as the keeper would.  Thread-safe.
class WebKeeper final : public ledger::OrderDesk, public webui::PasswordSource {
public:
    Result<void> submit(const ledger::Order& order) override;
    [[nodiscard]] Result<std::optional<std::string>> password_hash() const override;

    void set_hash(std::optional<std::string> hash);
    void fail_orders(Error error);
    void fail_password();
    [[nodiscard]] std::vector<ledger::Order> orders() const;

private:
    mutable std::mutex mutex_;
    std::vector<ledger::Order> orders_;
    std::optional<std::string> hash_;
    std::optional<Error> order_failure_;
    bool password_fails_ = false;
};

class FixedStatus final : public webui::StatusSource {
public:
    webui::Status value;
    webui::ResolverFigures figures;
    webui::SnifferFigures seen;

    [[nodiscard]] webui::Status status() const override { return value; }
    [[nodiscard]] webui::ResolverFigures resolver() const override { return figures; }
    [[nodiscard]] webui::SnifferFigures sniffer() const override { return seen; }
};

/// A small household behind a web server: two known devices, three companies (Insta belongs to
/// Meta), and no contacts until a test adds them.  `start` is what tests begin from.
class WebHouse {
public:
    WebHouse();

    HandClock clock{kWebNow};
    MemoryReports reports;
    WebKeeper keeper;
    FixedStatus status;
    Snapshot<devices::DeviceTable> devices;
    Snapshot<policy::Policy> policy;
    webui::ServerSettings settings;
    knowledge::Knowledge knowledge;  ///< One decision, about Meta; "Facebook" is Meta.
    webui::ServerParts parts{reports, devices, policy, keeper, keeper, status, clock, knowledge};

    webui::LiveFeed feed{clock, [](auto) { return std::string("[]"); }};

    static devices::DeviceId phone();   ///< "Kari sin telefon"
    static devices::DeviceId tv();      ///< "Stue-TV", with an address
    static devices::DeviceId nobody();  ///< Not in the table of devices.
    static trackers::CompanyId meta();
    static trackers::CompanyId insta();
    static trackers::CompanyId ads();

    /// A password that everybody in the tests knows; hashed as cheaply as can be.
    static constexpr const char* kPassword = "korrekt hest";
    void set_password();
};

/// Contacts, so that a test shows only what it is about.  Without more: the phone asked once for
/// pixel.example at 14:00, and that was prevented.
ledger::Contact prevented(const devices::DeviceId& device, const std::string& name,
                          trackers::CompanyId company);
ledger::Contact leaked(const devices::DeviceId& device, const std::string& name,
                       trackers::CompanyId company);

/// A request as the appliance's own page sends it, from 192.168.1.50 to http://192.168.1.1.
/// `target` may have a query.
webui::RawRequest raw_request(std::string_view method, std::string_view target);
webui::Request request(std::string_view method, std::string_view target,
                       std::string_view body = "");

}  // namespace sporvakt::test
