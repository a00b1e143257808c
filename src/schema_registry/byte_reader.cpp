#include "schema_registry/byte_reader.h"

#include <string>

namespace moldau::inline v0::schema_registry {

void ByteReader::throw_too_short(std::size_t wanted) const {
  throw SerdeError(std::string{what_} + ": expected " + std::to_string(wanted) +
                   " more bytes at byte " + std::to_string(position()) + ", found " +
                   std::to_string(rest_.size()));
}

void ByteReader::throw_bad_length(std::int64_t size) const {
  throw SerdeError(std::string{what_} + ": a length of " + std::to_string(size) + " before byte " +
                   std::to_string(position()) + ", with " + std::to_string(rest_.size()) +
                   " bytes left");
}

void ByteReader::throw_long_number() const {
  throw SerdeError(std::string{what_} + ": a number of more than 64 bits before byte " +
                   std::to_string(position()));
}

void ByteReader::throw_wide_number() const {
  throw SerdeError(std::string{what_} + ": a number of more than 32 bits before byte " +
                   std::to_string(position()));
}

}  // namespace moldau::inline v0::schema_registry
