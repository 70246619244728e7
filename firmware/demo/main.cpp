// Makes share/sporvakt/demonstration.pcap while building:
//   make_demonstration devices.tsv scenario.tsv demonstration.pcap

#include "firmware/demo/recording.h"
#include "firmware/demo/scenario.h"

#include <fstream>
#include <iterator>
#include <string>

#include <fmt/core.h>

namespace {

std::string file_text(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
    using namespace sporvakt::firmware;
    if (argc != 4) {
        fmt::print(stderr, "usage: make_demonstration DEVICES.TSV SCENARIO.TSV OUT.PCAP\n");
        return 2;
    }
    const auto scenario = demo::parse_scenario(file_text(argv[1]), file_text(argv[2]));
    if (!scenario || scenario->scenes.empty()) {
        fmt::print(stderr, "{}, {}: {}\n", argv[1], argv[2],
                   scenario ? "there is nothing to play" : scenario.error().message);
        return 1;
    }
    std::ofstream out(argv[3], std::ios::binary | std::ios::trunc);
    out << demo::pcap_file(demo::record(*scenario)) << std::flush;
    if (!out) {
        fmt::print(stderr, "{}: cannot write\n", argv[3]);
        return 1;
    }
    return 0;
}
