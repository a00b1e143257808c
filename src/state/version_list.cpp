#include "state/version_list.h"

#include "moldau/base/assert.h"
#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/row_key.h"

#include <cstdint>

namespace moldau::inline v0::state {

namespace {

constexpr std::int32_t deleted = -1;
constexpr std::size_t head_size = 2 * time_size;
constexpr std::size_t entry_size = time_size + sizeof(std::int32_t);

[[noreturn]] void throw_damaged_versions() {
  throw StateStoreError(
      "the versions of a key cannot be read; delete the store's folder to rebuild it from the "
      "changelog");
}

}  // namespace

Timestamp VersionList::end_of(Bytes encoded) noexcept { return load_time(encoded, 0); }

Timestamp VersionList::start_of(Bytes encoded) noexcept { return load_time(encoded, time_size); }

VersionList::VersionList(std::optional<Bytes> value, Timestamp from, Timestamp end)
    : end_(end), entries_{{from, value}} {}

void VersionList::decode(Bytes encoded) {
  if (encoded.size() < head_size + entry_size) throw_damaged_versions();
  end_ = end_of(encoded);
  const Timestamp start = start_of(encoded);
  entries_.clear();
  std::size_t behind_value = encoded.size();
  for (std::size_t at = head_size; entries_.empty() || entries_.back().from != start;
       at += entry_size) {
    if (at + entry_size > behind_value) throw_damaged_versions();
    Entry entry{load_time(encoded, at), std::nullopt};
    const auto size = load_big_endian<std::int32_t>(encoded.data() + at + time_size);
    if (size >= 0) {
      if (static_cast<std::size_t>(size) > behind_value) throw_damaged_versions();
      behind_value -= static_cast<std::size_t>(size);
      entry.value = Bytes{encoded.data() + behind_value, static_cast<std::size_t>(size)};
    }
    entries_.push_back(entry);
  }
}

void VersionList::encode(ByteBuffer& out) const {
  out.clear();
  append_time(out, end_);
  append_time(out, entries_.back().from);
  for (const Entry& entry : entries_) {
    append_time(out, entry.from);
    append_big_endian(out, entry.value ? static_cast<std::int32_t>(entry.value->size()) : deleted);
  }
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->value) out.append(*entry->value);
  }
}

std::size_t VersionList::find(Timestamp at) const {
  std::size_t index = 0;
  while (entries_[index].from > at) ++index;
  return index;
}

void VersionList::add_newest(std::optional<Bytes> value, Timestamp from, Timestamp end) {
  MOLDAU_ASSERT(from >= end_);
  if (lone()) {
    // Between a lone deletion and what follows later there is nothing.
    entries_.clear();
    if (from != end_) entries_.push_back({end_, std::nullopt});
  } else if (from != end_) {
    entries_.insert(entries_.begin(), {end_, std::nullopt});
  }
  entries_.insert(entries_.begin(), {from, value});
  end_ = end;
}

void VersionList::add_oldest(std::optional<Bytes> value, Timestamp from) {
  if (lone()) entries_.clear();
  entries_.push_back({from, value});
}

void VersionList::insert(std::size_t index, Entry entry) {
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(index), entry);
}

}  // namespace moldau::inline v0::state
