#pragma once

#include "moldau/base/error.h"

namespace moldau::inline v0 {

// Something that a record's reading or writing needs from outside (a schema registry, a service
// with keys) does not answer, or refuses us. It says nothing about the record: no exception handler
// is asked, so none can leave the record out. The task stops before it, commits nothing of it, and
// the next start goes on with it.
//
// For serdes of yours: throw it, or a child of it, for what may be different at the next start, and
// SerdeError for bytes that stay bad.
class MOLDAU_EXPORT UnavailableError : public Error {
 public:
  using Error::Error;
  ~UnavailableError() override;
};

}  // namespace moldau::inline v0
