#include "state/suppress_buffer.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// Entries that have left and are kept for new ones, with the memory they have.
constexpr std::size_t most_spare_entries = 1024;

// What the reference counts for an entry besides its bytes: buffer time, timestamp, offset and
// partition.
constexpr std::size_t entry_overhead = 8 + 8 + 8 + 4;

// The reference counts the characters of Java's strings: UTF-16 units.
std::size_t java_length(std::string_view utf8) noexcept {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) ++units;  // a character begins
    if (byte >= 0xf0) ++units;           // one that takes two units
  }
  return units;
}

}  // namespace

void SuppressBuffer::Part::assign(const std::optional<Bytes>& from) {
  present = from.has_value();
  if (present) {
    bytes.assign(*from);
  } else {
    bytes.clear();
  }
}

BufferedChange SuppressBuffer::Entry::view() const noexcept {
  return {.key = key(),
          .time = time,
          .prior = prior.view(),
          .before = before.view(),
          .now = now.view(),
          .context = context.view()};
}

SuppressBuffer::SuppressBuffer(std::string name, std::optional<ChangelogTarget> changelog,
                               std::unique_ptr<SuppressMetrics> metrics)
    : name_(std::move(name)), changelog_(changelog), metrics_(std::move(metrics)) {}

SuppressBuffer::~SuppressBuffer() = default;

std::size_t SuppressBuffer::size_of(const Entry& entry) {
  const std::optional<Bytes> prior = entry.prior.view();
  std::size_t size = entry_overhead + entry.key().size() + entry.prior.bytes.size() +
                     entry.now.bytes.size() + java_length(*entry.context.topic);
  // The reference holds equal old values once.
  if (entry.before.view() != prior) size += entry.before.bytes.size();
  for (const Header& header : entry.context.headers) {
    size += java_length(header.key) + (header.value ? header.value->size() : 0);
  }
  return size;
}

void SuppressBuffer::restore(std::span<const RawRecord> changelog,
                             const ChangelogPosition& reached) {
  MOLDAU_ASSERT(dirty_.empty());
  ReadChange read;
  for (const RawRecord& record : changelog) apply(record, read);
  settle();
  position_ = reached;
  metrics_->restored(changelog.size());
  metrics_->publish(records(), bytes_);
}

void SuppressBuffer::apply(const RawRecord& record, ReadChange& read) {
  const auto refuse = [&](const std::string& why) {
    throw StateStoreError("store \"" + name_ + "\": the changelog record at offset " +
                          std::to_string(record.offset.value()) + " cannot be used: " + why +
                          ". Something other than this application writes to the changelog topic; "
                          "remove that writer, then the record");
  };
  if (!record.key) refuse("it has no key");
  if (!record.value) {
    const auto at = entries_.find(*record.key);
    if (at == entries_.end()) return;
    take_out(**at);
    forget(**at);
    return;
  }
  try {
    read_buffered_change(record, read);
  } catch (const SerdeError& error) {
    refuse(error.what());
  }
  Entry& entry = entry_of(*record.key);
  if (entry.waiting && read.prior_known) {
    bytes_ -= size_of(entry);
    entry.prior.assign(read.change.prior);
    bytes_ += size_of(entry);
  }
  fill(entry, read.change);
}

void SuppressBuffer::flush_cache() {
  metrics_->publish(records(), bytes_);
  for (Entry* entry : dirty_) {
    send(*entry);
    entry->dirty = false;
    if (!entry->waiting) forget(*entry);
  }
  dirty_.clear();
}

void SuppressBuffer::send(const Entry& entry) {
  OutgoingRecord record{.topic = changelog_->topic,
                        .partition = changelog_->partition,
                        .key = entry.key(),
                        .value = std::nullopt,
                        .timestamp = std::nullopt};
  if (entry.waiting) {
    value_.clear();
    append_buffered_change(entry.view(), value_);
    record.value = value_;
    record.headers = &buffered_change_headers();
  }
  changelog_->sink.send(record);
}

void SuppressBuffer::commit(const std::optional<ChangelogPosition>& position) {
  MOLDAU_ASSERT(dirty_.empty());
  settle();
  if (position) position_ = position;
}

void SuppressBuffer::write_down() { settle(); }

void SuppressBuffer::settle() {
  ++next_commit_;
  committed_time_ = time_;
  uncommitted_bytes_ = 0;
  for (std::unique_ptr<Entry>& entry : committed_) {
    if (spare_.size() < most_spare_entries) spare_.push_back(std::move(entry));
  }
  committed_.clear();
}

void SuppressBuffer::rollback() {
  order_.clear();
  dirty_.clear();
  absl::erase_if(entries_, [this](const std::unique_ptr<Entry>& entry) {
    return entry->changed_at == next_commit_;
  });
  for (std::unique_ptr<Entry>& entry : committed_) entries_.insert(std::move(entry));
  committed_.clear();
  uncommitted_bytes_ = 0;
  bytes_ = 0;
  time_ = committed_time_;
  for (const std::unique_ptr<Entry>& entry : entries_) {
    // Of an earlier commit: written down, but not sent.
    if (entry->dirty) dirty_.push_back(entry.get());
    if (!entry->waiting) continue;
    order_.insert(entry.get());
    bytes_ += size_of(*entry);
  }
}

void SuppressBuffer::put(const BufferedChange& change) {
  time_ = std::max(time_, change.context.timestamp);
  Entry& entry = entry_of(change.key);
  keep_committed(entry);
  fill(entry, change);
  mark_changed(entry);
  metrics_->changed(records(), bytes_);
}

SuppressBuffer::Entry& SuppressBuffer::entry_of(Bytes key) {
  if (const auto at = entries_.find(key); at != entries_.end()) return **at;
  std::unique_ptr<Entry> entry = spare();
  entry->key_bytes.assign(key);
  entry->waiting = false;
  entry->dirty = false;
  entry->changed_at = 0;
  entry->counted_bytes = 0;
  return **entries_.insert(std::move(entry)).first;
}

void SuppressBuffer::fill(Entry& entry, const BufferedChange& change) {
  if (entry.waiting) {
    bytes_ -= size_of(entry);
  } else {
    entry.time = change.time;
    entry.prior.assign(change.prior);
    entry.waiting = true;
    order_.insert(&entry);
  }
  entry.before.assign(change.before);
  entry.now.assign(change.now);
  entry.context.timestamp = change.context.timestamp;
  entry.context.headers = *change.context.headers;
  entry.context.topic = &intern(change.context.metadata.topic);
  entry.context.partition = change.context.metadata.partition;
  entry.context.offset = change.context.metadata.offset;
  bytes_ += size_of(entry);
}

BufferedChange SuppressBuffer::first() const { return (*order_.begin())->view(); }

void SuppressBuffer::remove_first() {
  Entry& entry = **order_.begin();
  keep_committed(entry);
  take_out(entry);
  mark_changed(entry);
  if (!changelog_) forget(entry);
  metrics_->changed(records(), bytes_);
}

void SuppressBuffer::take_out(Entry& entry) {
  if (!entry.waiting) return;
  bytes_ -= size_of(entry);
  order_.erase(&entry);
  entry.waiting = false;
}

void SuppressBuffer::keep_committed(Entry& entry) {
  if (!entry.waiting || entry.changed_at == next_commit_) return;
  std::unique_ptr<Entry> kept = spare();
  *kept = entry;
  uncommitted_bytes_ += size_of(*kept);
  committed_.push_back(std::move(kept));
}

void SuppressBuffer::mark_changed(Entry& entry) {
  if (entry.changed_at == next_commit_) uncommitted_bytes_ -= entry.counted_bytes;
  entry.changed_at = next_commit_;
  entry.counted_bytes = size_of(entry);
  uncommitted_bytes_ += entry.counted_bytes;
  if (!changelog_ || entry.dirty) return;
  entry.dirty = true;
  dirty_.push_back(&entry);
}

void SuppressBuffer::forget(Entry& entry) {
  if (entry.changed_at == next_commit_) uncommitted_bytes_ -= entry.counted_bytes;
  std::unique_ptr<Entry> forgotten =
      std::move(entries_.extract(entries_.find(entry.key())).value());
  if (spare_.size() < most_spare_entries) spare_.push_back(std::move(forgotten));
}

std::optional<BufferedChange> SuppressBuffer::find(Bytes key) const {
  const auto at = entries_.find(key);
  if (at == entries_.end() || !(*at)->waiting) return std::nullopt;
  return (*at)->view();
}

std::unique_ptr<SuppressBuffer::Entry> SuppressBuffer::spare() {
  if (spare_.empty()) return std::make_unique<Entry>();
  std::unique_ptr<Entry> entry = std::move(spare_.back());
  spare_.pop_back();
  return entry;
}

const std::string& SuppressBuffer::intern(std::string_view topic) {
  for (const std::string& known : topics_) {
    if (known == topic) return known;
  }
  return topics_.emplace_back(topic);
}

}  // namespace moldau::inline v0::state
