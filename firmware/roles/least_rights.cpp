#include "firmware/roles/least_rights.h"

#include "core/base/file_descriptor.h"

#include <array>
#include <cstddef>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sporvakt::firmware {

Result<void> keep_least_rights() {
    const rlimit no_dump{0, 0};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::setrlimit(RLIMIT_CORE, &no_dump) != 0) {
        return system_failure("cannot give up rights");
    }
    // Without the right to (CAP_SETPCAP) the bounding set stays, and no_new_privs does as well.
    for (std::size_t capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         ++capability) {
        static_cast<void>(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    if (::syscall(SYS_capset, &header, none.data()) != 0) {
        return system_failure("cannot give up capabilities");
    }
    return {};
}

}  // namespace sporvakt::firmware
