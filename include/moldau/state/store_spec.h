#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0 {

// Where a store keeps its entries.
enum class StoreType : std::uint8_t {
  rocksdb,    // on disk; survives a restart without reading the changelog from its start
  in_memory,  // rebuilt from the changelog at each start
};

namespace state {

// What the value bytes of a store hold. The changelog always carries the plain value
// (interop.md sections 5.1 and 5.2).
enum class ValueLayout : std::uint8_t {
  plain,        // the user's bytes
  timestamped,  // 8 bytes big-endian timestamp, then the user's bytes: every store behind a table
};

// A store as the topology describes it. Each task makes its own from it.
struct StoreSpec {
  std::string name;
  StoreType type = StoreType::rocksdb;
  ValueLayout layout = ValueLayout::timestamped;
  bool caching = true;
  bool logging = true;
  std::map<std::string, std::string> changelog_config =
      {};  // overrides the library's topic settings
  bool explicitly_named = true;

  friend bool operator==(const StoreSpec&, const StoreSpec&) = default;
};

}  // namespace state
}  // namespace moldau::inline v0
