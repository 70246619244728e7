// A web server with a made-up household, for contract.mjs: writes its port, then does what standard
// input says, a word a line, until that ends.
//   publish   a contact comes in          fail   ledger, keeper and password stop answering
//   turn      a quarter of an hour passes

#include "tests/support/web_house.h"
#include "webui/server/server.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

namespace {

using sporvakt::Errc;
using sporvakt::Error;
using sporvakt::test::leaked;
using sporvakt::test::prevented;
using sporvakt::test::WebHouse;
using sporvakt::trackers::CompanyId;

void fill(WebHouse& house) {
    house.reports.add(prevented(WebHouse::phone(), "a.pixel.example", WebHouse::meta()));
    house.reports.add(leaked(WebHouse::phone(), "b.pixel.example", WebHouse::insta()));
    house.reports.add(leaked(WebHouse::nobody(), "c.example", CompanyId::None));
    house.reports.add(prevented(WebHouse::tv(), "d.example", CompanyId{0x0a1b2c3d}));
    auto cloaked = prevented(WebHouse::tv(), "metrics.shop.example", WebHouse::ads());
    cloaked.cause = sporvakt::ledger::Cause::Cloaked;
    cloaked.detail = "collect.ads.example";
    house.reports.add(cloaked);
    auto& figures = house.status.figures;
    figures = {9, 2, 4, {}, {}, {std::chrono::microseconds(24576), std::nullopt, {}}};
    for (const char* const type : {"A", "AAAA", "HTTPS", "PTR", "SRV", "TXT", "other"}) {
        figures.questions.push_back({type, 1});
    }
    for (const char* const result : {"received", "blocked", "by_list", "by_household", "cloaked",
                                     "answered_here", "cached", "new_in_a_later_version"}) {
        figures.counts.push_back({result, 2});
    }
    auto& seen = house.status.seen;
    seen.interfaces = {{"br-lan", "watched", 120311, 0}};
    for (const char* const count :
         {"packets", "malformed", "flows", "flows_pushed_out", "flows_refused"}) {
        seen.counts.push_back({count, 3});
    }
    figures.waits.ranges = {{std::chrono::microseconds(128), 0}, {std::nullopt, 3}};
}

void obey(const std::string& word, WebHouse& house, sporvakt::webui::Server& server) {
    if (word == "publish") {
        server.publish({leaked(WebHouse::phone(), "live.example", WebHouse::meta())});
    } else if (word == "turn") {
        house.clock.turn(std::chrono::minutes(15));
    } else if (word == "fail") {
        house.reports.fail_with("The ledger does not answer.");
        house.keeper.fail_orders(Error{Errc::Unavailable, "The keeper does not answer."});
        house.keeper.fail_password();
    }
}

}  // namespace

int main() {
    WebHouse house;
    fill(house);
    auto server = sporvakt::webui::Server::start(house.settings, house.parts);
    if (!server) {
        std::cerr << server.error().message << '\n';
        return 1;
    }
    std::cout << (*server)->endpoints()[0].port << std::endl;  // read at once by contract.mjs
    for (std::string word; std::getline(std::cin, word);) {
        obey(word, house, **server);
        std::cout << word << std::endl;
    }
    return 0;
}
