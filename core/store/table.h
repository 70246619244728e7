#pragma once

namespace sporvakt::store {

class Environment;

/// One of an Environment's tables: a sorted map from bytes to bytes.  A handle that is copied
/// freely and lives as long as the Environment that gave it.
class Table {
public:
    [[nodiscard]] unsigned handle() const { return handle_; }

private:
    friend class Environment;
    explicit Table(unsigned handle) : handle_(handle) {}

    unsigned handle_;
};

}  // namespace sporvakt::store
