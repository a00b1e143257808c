#include "whole_run/key_ledger.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace benchmarks {

std::uint64_t key_number(std::string_view key) {
  std::uint64_t number = 0;
  if (key.size() != sizeof number) {
    throw std::runtime_error("a key of " + std::to_string(key.size()) + " bytes, 8 are expected");
  }
  std::memcpy(&number, key.data(), sizeof number);
  return number;
}

void KeyLedger::add(const TopicRecord& record) {
  Entry& entry = entries_[key_number(record.key)];
  ++entry.records;
  entry.newest = std::max(entry.newest, record.timestamp);
  entry.partition = record.partition;
  if (record.value.empty()) return;
  ++entry.passing;
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
  entry.chain = entry.chain * odd + std::hash<std::string_view>{}(record.value);
  entry.chain = entry.chain * odd + static_cast<std::uint64_t>(record.timestamp);
}

const KeyLedger::Entry* KeyLedger::find(std::uint64_t key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void KeyLedger::save(const std::filesystem::path& file) const {
  std::ofstream out{file};
  for (const auto& [key, entry] : entries_) {
    out << key << ' ' << entry.records << ' ' << entry.passing << ' ' << entry.chain << ' '
        << entry.newest << ' ' << entry.partition << '\n';
  }
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

KeyLedger KeyLedger::load(const std::filesystem::path& file) {
  std::ifstream in{file};
  KeyLedger ledger;
  std::uint64_t key = 0;
  Entry entry;
  while (in >> key >> entry.records >> entry.passing >> entry.chain >> entry.newest >>
         entry.partition) {
    ledger.entries_.emplace(key, entry);
  }
  if (!in.eof() || ledger.entries_.empty()) {
    throw std::runtime_error("cannot read " + file.string());
  }
  return ledger;
}

}  // namespace benchmarks
