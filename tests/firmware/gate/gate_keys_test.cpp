#include "firmware/gate/gate_keys.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::firmware;
using sporvakt::capture::GateMode;
using sporvakt::capture::OnFailure;

TEST_GROUP(GateKeys){static Configuration parsed(const std::string& text){
    const auto configuration = parse_configuration(text, "gate.toml");
CHECK(configuration.has_value());
return *configuration;
}
static std::string fault(const std::string& text) {
    const auto configuration = parse_configuration(text, "gate.toml");
    return configuration ? "" : configuration.error().message;
}
}
;

TEST(GateKeys, AreOffAndOpenWhenNothingIsSaid) {
    const Configuration configuration = parsed("");

    CHECK(configuration.gate.mode == GateMode::Off);
    CHECK(configuration.gate.on_failure == OnFailure::Open);
    CHECK_FALSE(configuration.gate.redirect_dns);
    CHECK_FALSE(configuration.gate.reject_dot);
    CHECK_FALSE(configuration.gate.reject_doh);
}

TEST(GateKeys, AreRead) {
    const Configuration configuration = parsed(
        "[dns]\nlisten = [\"127.0.0.1:53\", \"192.168.1.1:53\", \"192.168.2.1:53\", \"[::]:53\"]\n"
        "[gate]\nmode = \"cut\"\non_failure = \"closed\"\ninterfaces = [\"br-lan\", \"wlan0\"]\n"
        "redirect_dns = true\nreject_dot = true\nreject_doh = true\n");

    CHECK(configuration.gate.mode == GateMode::Cut);
    const GateRules rules = gate_rules(configuration);
    CHECK(rules.on_failure == OnFailure::Closed);
    CHECK(rules.interfaces == (std::vector<std::string>{"br-lan", "wlan0"}));
    CHECK(rules.dns == (std::vector<Endpoint>{*Endpoint::from_text("192.168.1.1:53"),
                                              *Endpoint::from_text("[::]:53")}));
    CHECK(rules.reject_dot);
    CHECK(configuration.gate.reject_doh);
}

TEST(GateKeys, WatchTheCardsThatAreCapturedWhenNoneIsNamed) {
    const Configuration configuration =
        parsed("[gate]\nmode = \"log\"\n[capture]\ninterfaces = [\"eth1\"]\n");

    CHECK(configuration.gate.mode == GateMode::Log);
    CHECK(gate_rules(configuration).interfaces == (std::vector<std::string>{"eth1"}));
    CHECK(gate_rules(configuration).dns.empty());
}

TEST(GateKeys, SayWhatIsWrongWithAValue) {
    STRCMP_EQUAL(
        "gate.toml:2: gate.mode must be \"off\", \"log\" or \"cut\"\n"
        "gate.toml:3: gate.on_failure must be \"open\" or \"closed\"\n"
        "gate.toml:4: gate.reject_dot must be true or false, without quotes",
        fault("[gate]\nmode = \"on\"\non_failure = 7\nreject_dot = \"yes\"\n").c_str());
}

TEST(GateKeys, NeedACard) {
    STRCMP_CONTAINS("gate.interfaces is empty", fault("[gate]\nmode = \"cut\"\n").c_str());
}

TEST(GateKeys, TakeNoCardWhoseNameIsARuleOfItsOwn) {
    STRCMP_CONTAINS("cannot be written into a rule",
                    fault("[gate]\nmode = \"cut\"\ninterfaces = ['eth\"x']\n").c_str());
}

TEST(GateKeys, TakeNoCardThatCannotBe) {
    STRCMP_CONTAINS("cannot be a network interface",
                    fault("[gate]\nmode = \"cut\"\ninterfaces = [\"a/b\"]\n").c_str());
}

TEST(GateKeys, NeedAnAddressForTheHouseToSendItsQuestionsTo) {
    STRCMP_CONTAINS("gate.redirect_dns needs an address in dns.listen",
                    fault("[gate]\nmode = \"cut\"\ninterfaces = [\"br-lan\"]\n"
                          "redirect_dns = true\n")
                        .c_str());
}

TEST(GateKeys, SayThatTheyDoNothingWhileTheGateIsOff) {
    for (const std::string key : {"redirect_dns", "reject_dot", "reject_doh"}) {
        STRCMP_CONTAINS("do nothing while gate.mode is \"off\"",
                        fault("[gate]\n" + key + " = true\n").c_str());
    }
}
