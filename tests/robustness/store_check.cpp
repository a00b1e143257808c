#include "robustness/store_check.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace robustness {

namespace {

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// A stored value: eight bytes of time, most significant first, then the value of the changelog.
std::string stored_value(std::int64_t timestamp, const std::string& value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes +=
        static_cast<char>(static_cast<std::uint64_t>(timestamp) >> static_cast<unsigned>(shift));
  }
  return bytes + value;
}

std::map<std::string, std::string> fold(const std::vector<ChangelogRecord>& changelog,
                                        std::int64_t before) {
  std::map<std::string, std::string> rows;
  for (const ChangelogRecord& record : changelog) {
    if (record.offset >= before) break;
    if (record.value) {
      rows.insert_or_assign(record.key, stored_value(record.timestamp, *record.value));
    } else {
      rows.erase(record.key);
    }
  }
  return rows;
}

// The first difference, empty if there is none.
std::string difference(const std::map<std::string, std::string>& store,
                       const std::map<std::string, std::string>& changelog) {
  if (store == changelog) return {};
  for (const auto& [key, value] : changelog) {
    const auto found = store.find(key);
    if (found == store.end()) return "lacks \"" + key + "\"";
    if (found->second != value) return "holds another value of \"" + key + "\"";
  }
  for (const auto& [key, value] : store) {
    if (!changelog.contains(key)) return "holds \"" + key + "\", which its changelog does not have";
  }
  return {};
}

}  // namespace

std::vector<DumpedStore> read_dump(std::istream& text) {
  std::vector<DumpedStore> stores;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words{line};
    std::string kind;
    words >> kind;
    if (kind == "store") {
      DumpedStore store;
      words >> store.task >> store.position >> store.folder;
      store.partition = std::stoi(store.task.substr(store.task.find('_') + 1));
      stores.push_back(std::move(store));
    } else if (kind == "entry" && !stores.empty()) {
      std::string key;
      std::string value;
      words >> key >> value;
      stores.back().entries.emplace(from_hex(key), from_hex(value));
    } else {
      throw std::runtime_error("not the output of store_dump: " + line);
    }
  }
  return stores;
}

std::vector<ChangelogRecord> read_changelog(const Reader& reader, const std::string& topic,
                                            std::int32_t partition) {
  std::vector<ChangelogRecord> records;
  reader.read(topic, partition, [&](const Record& record) {
    if (!record.key) throw std::runtime_error(topic + " has a record without a key");
    records.push_back(
        {.offset = record.offset,
         .timestamp = record.timestamp,
         .key = std::string{*record.key},
         .value = record.value ? std::optional{std::string{*record.value}} : std::nullopt});
  });
  return records;
}

std::vector<std::string> compare_stores(std::int32_t partition,
                                        const std::vector<ChangelogRecord>& changelog,
                                        const std::vector<DumpedStore>& stores,
                                        Changelogs changelogs) {
  std::vector<std::string> problems;
  std::int64_t newest = -1;
  for (const DumpedStore& store : stores) {
    if (store.partition == partition) newest = std::max(newest, store.position);
  }
  for (const DumpedStore& store : stores) {
    if (store.partition != partition) continue;
    if (changelogs == Changelogs::compacted && store.position < newest) continue;
    const std::string wrong = difference(store.entries, fold(changelog, store.position));
    if (!wrong.empty()) {
      problems.push_back("store " + store.folder + " at position " +
                         std::to_string(store.position) + " " + wrong);
    }
  }
  const std::int64_t end = changelog.empty() ? 0 : changelog.back().offset + 1;
  if (newest < end) {
    problems.push_back("no store of partition " + std::to_string(partition) +
                       " is up to date: the newest is at " + std::to_string(newest) +
                       ", its changelog ends at " + std::to_string(end));
  }
  return problems;
}

}  // namespace robustness
