#include "core/ledger/outbox.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"

#include <algorithm>
#include <utility>

namespace sporvakt::ledger {
namespace {

constexpr std::size_t kOldestPlace = 1 + 8 + 8;  // version, sender, number

}  // namespace

Outbox::Outbox(std::uint64_t sender, std::size_t bytes_max)
    : sender_(sender), bytes_max_(bytes_max) {
    SPORVAKT_ASSERT(sender != 0);
}

Batch Outbox::next_batch(std::uint64_t dropped) const {
    Batch batch;
    batch.sender = sender_;
    batch.number = last_number() + 1;
    batch.oldest = first_;
    batch.dropped = dropped;
    return batch;
}

void Outbox::keep(const Batch& batch) {
    kept_.push_back(encode(batch));
    bytes_ += kept_.back().size();
}

void Outbox::seal(Tally::Content content) {
    if (content.is_empty()) {
        return;
    }
    Batch batch = next_batch(content.dropped);
    std::size_t size = kBatchHeaderBytes;
    const auto make_room = [&](std::size_t more) {
        if (size + more > kBatchBytesMax) {
            keep(batch);
            batch = next_batch(content.dropped);
            size = kBatchHeaderBytes;
        }
        size += more;
    };
    for (devices::DeviceClue& clue : content.clues) {  // first: who it is before what it did
        make_room(encoded_size(clue));
        batch.clues.push_back(std::move(clue));
    }
    for (Sighting& sighting : content.sightings) {
        make_room(encoded_size(sighting));
        batch.sightings.push_back(std::move(sighting));
    }
    keep(batch);
}

const std::vector<std::uint8_t>* Outbox::next() {
    if (sent_ == kept_.size()) {
        return nullptr;
    }
    // Older batches may have been committed since it was sealed; a keeper that knows nothing of
    // this sender would wait for them for ever.
    std::vector<std::uint8_t>& message = kept_[sent_];
    const std::vector<std::uint8_t> oldest = ByteWriter().u64(first_).result();
    std::copy(oldest.begin(), oldest.end(), message.begin() + kOldestPlace);
    return &message;
}

void Outbox::mark_sent() {
    SPORVAKT_ASSERT(sent_ < kept_.size());
    ++sent_;
}

void Outbox::forget_up_to(std::uint64_t committed) {
    while (!kept_.empty() && first_ <= committed) {
        bytes_ -= kept_.front().size();
        kept_.pop_front();
        ++first_;
        sent_ -= sent_ > 0 ? 1U : 0U;
    }
}

void Outbox::send_again_after(std::uint64_t committed) {
    forget_up_to(committed);
    sent_ = 0;
}

}  // namespace sporvakt::ledger
