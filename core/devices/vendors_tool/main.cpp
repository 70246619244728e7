// Writes share/sporvakt/vendors.tsv from npm's oui-data while building:
//   compile_vendors node_modules/oui-data/index.json vendors.tsv

#include "core/devices/vendor_list.h"

#include <fstream>
#include <iterator>
#include <string>

#include <fmt/core.h>

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: compile_vendors INDEX.JSON VENDORS.TSV\n");
        return 2;
    }
    std::ifstream in(argv[1], std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(in), {}};
    const auto list = sporvakt::devices::vendor_list_from_json(json);
    if (!list) {
        fmt::print(stderr, "{}: {}\n", argv[1], list.error().message);
        return 1;
    }
    std::ofstream out(argv[2], std::ios::binary | std::ios::trunc);
    out << *list << std::flush;
    if (!out) {
        fmt::print(stderr, "{}: cannot write\n", argv[2]);
        return 1;
    }
    return 0;
}
