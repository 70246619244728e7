#pragma once

#include "tests/support/temporary_folder.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace sporvakt::test {

/// Runs one command line as main() would, with what it prints kept.
class CommandRun {
public:
    using AddCommand = void (*)(CLI::App&, int&);

    CommandRun(AddCommand add, const std::string& line, const std::string& standard_input = {}) {
        CLI::App app;
        add(app, exit_code);
        std::istringstream typed(standard_input);
        std::streambuf* const terminal = std::cin.rdbuf(typed.rdbuf());
        const std::array<int, 2> kept{redirect(stdout, "out"), redirect(stderr, "errors")};
        try {
            app.parse(line);
        } catch (const CLI::ParseError&) {
            exit_code = 64;
        }
        restore(stdout, kept[0]);
        restore(stderr, kept[1]);
        std::cin.rdbuf(terminal);
        std::cin.clear();
        out = content("out");
        errors = content("errors");
    }

    int exit_code = -1;
    std::string out;
    std::string errors;

private:
    int redirect(std::FILE* stream, const char* name) const {
        std::fflush(stream);
        const int kept = ::dup(::fileno(stream));
        const int file = ::open(folder_.file(name).c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        ::dup2(file, ::fileno(stream));
        ::close(file);
        return kept;
    }

    static void restore(std::FILE* stream, int kept) {
        std::fflush(stream);
        ::dup2(kept, ::fileno(stream));
        ::close(kept);
    }

    [[nodiscard]] std::string content(const char* name) const {
        std::ifstream file(folder_.file(name));
        return {std::istreambuf_iterator<char>(file), {}};
    }

    TemporaryFolder folder_;
};

}  // namespace sporvakt::test
