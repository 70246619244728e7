// capture_house CAPTURE NAMES [PACKETS FLOWS]: writes a made-up home's traffic, and for each flow
// that must get a name a line of transport, ends and name.
#include "tests/support/packets/house_capture.h"

#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

using namespace sporvakt::test;

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 2 && words.size() != 4) {
        fmt::print(stderr, "usage: capture_house CAPTURE NAMES [PACKETS FLOWS]\n");
        return 64;
    }
    HousePlan plan;
    if (words.size() == 4) {
        plan.packets = static_cast<std::uint32_t>(std::stoul(words[2]));
        plan.flows = static_cast<std::uint32_t>(std::stoul(words[3]));
    }
    CaptureWriter capture(words[0]);
    std::ofstream names(words[1]);
    for (const NamedFlow& flow : write_house(plan, capture)) {
        names << fmt::format("{}\t{}\t{}\t{}\n", flow.transport, flow.client, flow.server,
                             flow.name);
    }
    return names.good() ? 0 : 1;
}
