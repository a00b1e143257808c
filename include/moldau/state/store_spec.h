#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace moldau::inline v0 {

// Where a store keeps its entries.
enum class StoreType : std::uint8_t {
  rocksdb,    // on disk; survives a restart without reading the changelog from its start
  in_memory,  // rebuilt from the changelog at each start
};

// Whether the stores behind tables keep headers: `dsl.store.format`.
enum class DslStoreFormat : std::uint8_t {
  without_headers,  // DEFAULT
  headers,          // HEADERS: those on disk do
};

namespace state {

// What a store is asked for, which decides what its keys look like and when entries leave it.
enum class StoreKind : std::uint8_t {
  key_value,
  window,     // key and window start; entries leave when they are older than the retention
  session,    // key, window end and start; likewise
  versioned,  // key, with the value it had at each time of the history retention
  buffer,     // records that wait for their time: suppress(), joins with a grace period
};

// What the value bytes of a store hold. The changelog always carries the plain value
// (interop.md sections 5.1 and 5.2).
enum class ValueLayout : std::uint8_t {
  plain,            // the user's bytes
  timestamped,      // 8 bytes big-endian timestamp, then the user's bytes
  headers,          // headers, timestamp, then the user's bytes
  headers_untimed,  // headers, then the user's bytes: of sessions, whose time is in their key
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
  StoreKind kind = StoreKind::key_value;

  // Window, session and versioned stores: how far behind the store's own time entries are kept, the
  // store's time being the highest one put into it. How finely they are expired: an expired segment
  // goes as a whole. Zero segment interval: the reference's rule for that kind.
  std::chrono::milliseconds retention{0};
  std::chrono::milliseconds segment_interval{0};
  // Window and session stores: how much longer than the retention rows stay under
  // Semantics::complete, because they can still change or be matched when the reference's store has
  // forgotten them (docs/differences.md). Decides about rows, not about segments' bounds
  // nor about the changelog.
  std::chrono::milliseconds linger{0};
  // Window stores. The length of a window, which the store itself does not look at.
  std::chrono::milliseconds window_size{0};
  // Window stores of joins: every put is an entry of its own.
  bool retain_duplicates = false;
  // Window and session stores that are also read by time: of emit-on-close.
  bool time_index = false;
  // Key-value stores: more entries evict the one used longest ago; 0: no limit.
  std::size_t max_entries = 0;
  // The changelog record of a put carries the headers of the record being processed. With a layout
  // that has headers it carries those of the stored value instead.
  bool changelog_headers = false;
  // Key-value stores: a value is a list of values, those of equal keys.
  bool lists = false;
  // Buffers: of a join with a grace period. Otherwise of suppress().
  bool join_buffer = false;
  // The store of a table: DslStoreFormat decides whether it keeps headers.
  bool of_table = false;

  friend bool operator==(const StoreSpec&, const StoreSpec&) = default;
};

}  // namespace state
}  // namespace moldau::inline v0
