#include "moldau/base/error.h"

#include "moldau/base/unavailable_error.h"

namespace moldau::inline v0 {

// Out of line, so that each type has one home and can be caught across shared libraries.
Error::~Error() = default;
ConfigError::~ConfigError() = default;
TopologyError::~TopologyError() = default;
StateStoreError::~StateStoreError() = default;
SerdeError::~SerdeError() = default;
NullAccess::~NullAccess() = default;
StreamsError::~StreamsError() = default;
UnavailableError::~UnavailableError() = default;

}  // namespace moldau::inline v0
