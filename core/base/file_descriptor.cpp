#include "core/base/file_descriptor.h"

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace sporvakt {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FileDescriptor::~FileDescriptor() {
    if (is_open()) {
        ::close(descriptor_);
    }
}

tl::unexpected<Error> system_failure(const std::string& what) {
    const int reason = errno;
    return fail(Errc::Unavailable, what + ": " + std::generic_category().message(reason));
}

}  // namespace sporvakt
