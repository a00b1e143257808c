#pragma once

#include "moldau/base/error.h"

namespace moldau::inline v0::kafka::wire {

// Bytes are not the message they should be: cut short, a length beyond the end, a null where there
// must be a value, bytes left over. The message says at which byte.
class DecodeError : public Error {
 public:
  using Error::Error;
  ~DecodeError() override;
};

}  // namespace moldau::inline v0::kafka::wire
