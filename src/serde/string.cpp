#include "moldau/serde/string.h"

#include "serde/utf8.h"

namespace moldau::inline v0 {

void Serde<std::string>::deserialize(Bytes bytes, std::string& value) {
  const std::string_view text = bytes.text();
  const std::size_t valid = serde::valid_utf8_prefix(text);
  value.assign(text.substr(0, valid));
  if (valid != text.size()) serde::append_repaired_utf8(text.substr(valid), value);
}

}  // namespace moldau::inline v0
