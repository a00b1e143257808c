#pragma once

#include "moldau/export.h"

#include <stdexcept>
#include <string>

namespace moldau::inline v0 {

// Everything the library throws derives from Error. The message names the thing (node, store,
// topic, option), says what was expected and what was found, and what to do about it.
class MOLDAU_EXPORT Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  ~Error() override;
};

// A configuration cannot be used. The message lists every problem, not only the first.
class MOLDAU_EXPORT ConfigError : public Error {
 public:
  using Error::Error;
  ~ConfigError() override;
};

// A topology cannot be built, or does not fit the topics that exist.
class MOLDAU_EXPORT TopologyError : public Error {
 public:
  using Error::Error;
  ~TopologyError() override;
};

// A store cannot be opened, read or written, or was used after it was closed.
class MOLDAU_EXPORT StateStoreError : public Error {
 public:
  using Error::Error;
  ~StateStoreError() override;
};

// Bytes are not what a serde expects, or a value cannot be written as bytes.
class MOLDAU_EXPORT SerdeError : public Error {
 public:
  using Error::Error;
  ~SerdeError() override;
};

// Record::key() or Record::value() was called where there is none, or a lambda that takes a
// reference met a null. Take a pointer (`const V*`) to see nulls.
class MOLDAU_EXPORT NullAccess : public Error {
 public:
  using Error::Error;
  ~NullAccess() override;
};

// A started application cannot go on, or a call came at a moment its state does not allow.
class MOLDAU_EXPORT StreamsError : public Error {
 public:
  using Error::Error;
  ~StreamsError() override;
};

}  // namespace moldau::inline v0
