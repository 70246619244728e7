#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace sporvakt::capture {

/// The names that flows and DNS answers have, each held once however many share it.
///
/// A pool never refuses a name.  It knows what all of them cost together, so that whoever fills it
/// can make room: is_crowded().  What a name costs is its bytes and kOverhead.  Taking a name costs
/// the logarithm of the number held, whatever the names are.  Outlives its names.  Not thread-safe.
class NamePool {
    struct Use {
        NamePool* pool = nullptr;
        std::size_t count = 0;
    };
    using Names = std::map<std::string, Use, std::less<>>;

public:
    /// About what the allocator and a map's entry add to a name.
    static constexpr std::size_t kOverhead = 112;
    static constexpr std::size_t kCostMax = std::size_t{12} << 20U;

    /// A name of the pool, gone from it with its last copy.  Empty without one.
    class Name {
    public:
        Name() = default;
        Name(const Name& other) : entry_(other.entry_) { use(); }
        Name(Name&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
        Name& operator=(const Name& other) { return *this = Name(other); }
        Name& operator=(Name&& other) noexcept {
            std::swap(entry_, other.entry_);
            return *this;
        }
        ~Name() {
            if (entry_ != nullptr) {
                entry_->second.pool->release(*entry_);
            }
        }

        [[nodiscard]] std::string_view text() const {
            return entry_ == nullptr ? std::string_view{} : entry_->first;
        }
        [[nodiscard]] bool empty() const { return entry_ == nullptr; }

        /// How many have it, this copy among them; 0 of an empty one.
        [[nodiscard]] std::size_t copies() const {
            return entry_ == nullptr ? 0 : entry_->second.count;
        }

        friend bool operator==(const Name& left, const Name& right) {
            return left.text() == right.text();
        }

    private:
        friend class NamePool;
        explicit Name(Names::value_type& entry) : entry_(&entry) { use(); }
        void use() {
            if (entry_ != nullptr) {
                ++entry_->second.count;
            }
        }

        Names::value_type* entry_ = nullptr;
    };

    NamePool() = default;
    NamePool(const NamePool&) = delete;
    NamePool& operator=(const NamePool&) = delete;
    NamePool(NamePool&&) = delete;
    NamePool& operator=(NamePool&&) = delete;
    ~NamePool();  ///< There must be no name of it any more.

    /// Empty for an empty text.
    [[nodiscard]] Name take(std::string_view text);

    /// What one name costs.
    [[nodiscard]] static std::size_t cost_of(std::string_view text) {
        return text.size() + kOverhead;
    }

    /// What all of them cost; beyond kCostMax something should be forgotten.
    [[nodiscard]] std::size_t cost() const { return cost_; }
    [[nodiscard]] bool is_crowded() const { return cost_ > kCostMax; }
    [[nodiscard]] std::size_t size() const { return names_.size(); }

private:
    void release(Names::value_type& entry);

    Names names_;
    std::size_t cost_ = 0;
};

}  // namespace sporvakt::capture
