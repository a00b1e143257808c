#pragma once

#include "robustness/bare_kafka.h"

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

namespace robustness {

// One record of a changelog partition, with its own bytes.
struct ChangelogRecord {
  std::int64_t offset = 0;
  std::int64_t timestamp = 0;
  std::string key;
  std::optional<std::string> value;
};

// What a store on disk held, as store_dump prints it.
struct DumpedStore {
  std::string task;  // `1_0`
  std::int32_t partition = 0;
  std::int64_t position = -1;  // first changelog offset it does not hold; -1: it has no position
  std::string folder;
  std::map<std::string, std::string> entries;
};

// Reads the output of store_dump. Throws std::runtime_error on anything else.
[[nodiscard]] std::vector<DumpedStore> read_dump(std::istream& text);

// The committed records of one changelog partition, oldest first.
[[nodiscard]] std::vector<ChangelogRecord> read_changelog(const Reader& reader,
                                                          const std::string& topic,
                                                          std::int32_t partition);

// Whether a log still has all records that were written to it, or only the last ones of each key.
enum class Changelogs : std::uint8_t { whole, compacted };

// Compares the stores of one partition with its changelog. Of a task that has moved there are
// several stores. Each must hold exactly what its changelog says up to its own position, and the
// newest one must have got to the end; what an older one should hold a compacted log cannot tell.
// Values carry their timestamp in front. Returns what is wrong.
[[nodiscard]] std::vector<std::string> compare_stores(std::int32_t partition,
                                                      const std::vector<ChangelogRecord>& changelog,
                                                      const std::vector<DumpedStore>& stores,
                                                      Changelogs changelogs = Changelogs::whole);

}  // namespace robustness
