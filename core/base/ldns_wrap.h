#pragma once

// The only way to ldns (1.8.3): its common.h lets <stdbool.h> define bool, true and false as
// macros, which C++ must not see.

#include <ldns/ldns.h>

#ifdef bool
#undef bool
#endif
#ifdef true
#undef true
#endif
#ifdef false
#undef false
#endif
