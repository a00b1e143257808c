#pragma once

#include "moldau/processor/node.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/table_rows.h"
#include "moldau/record/change.h"
#include "moldau/serde/serde.h"

#include <utility>

namespace moldau::inline v0::processor {

// What every node has in common that emits the changes of a table: its rows, if they are kept, and
// the way of a change downwards. Without a cache a change is forwarded as it is stored; with one,
// when the cache is flushed.
template <class VIn, class K, class V>
class TableNode : public ProcessorNode<K, VIn, K, Change<V>>,
                  public ReadableTable<K, V>,
                  public VersionedTable<K, V>,
                  private state::FlushListener {
 public:
  void init(TaskContext& context) override {
    Node::init(context);
    if (settings_.store.empty()) return;
    rows_.open(context, settings_.store, settings_.versioned);
    lookup_.open(context, settings_.store, settings_.versioned);
    rows_.listen(*this, settings_.send_old_values);
  }

  bool read(const K& key, V& value, Timestamp& time) override {
    if (!key_serde_.serialize(key, lookup_.start_key()) || !lookup_.read()) return false;
    value_serde_.deserialize(lookup_.value(), value);
    time = lookup_.time();
    return true;
  }
  [[nodiscard]] bool can_be_read() const override { return keeps_rows(); }

  bool read_at(const K& key, Timestamp at, V& value, Timestamp& time) override {
    if (!key_serde_.serialize(key, lookup_.start_key()) || !lookup_.read_at(at)) return false;
    value_serde_.deserialize(lookup_.value(), value);
    time = lookup_.time();
    return true;
  }
  [[nodiscard]] bool has_history() const override { return keeps_rows() && settings_.versioned; }

 protected:
  TableNode(TableSettings settings, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : settings_(std::move(settings)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  [[nodiscard]] bool keeps_rows() const noexcept { return rows_.is_open(); }
  [[nodiscard]] bool send_old_values() const noexcept { return settings_.send_old_values; }
  [[nodiscard]] const std::string& parent() const noexcept { return settings_.parent; }
  [[nodiscard]] const AnySerde<V>& value_serde() const noexcept { return value_serde_; }

  // Turns to the row of `key`. False if the key stands for null, which no row has.
  // The calls below REQUIRE: keeps_rows(), and a row that was turned to.
  bool turn_to(const K& key) { return key_serde_.serialize(key, rows_.start_key()); }

  // False if there is no such row.
  bool read_row() { return rows_.read(); }
  // Of the row that was read.
  [[nodiscard]] Timestamp row_time() const { return rows_.time(); }
  void load_row(V& value) const { value_serde_.deserialize(rows_.value(), value); }

  // Stores the row (null: deletes it) and hands the change on, or leaves that to the flush of the
  // cache. `record` is the input. A versioned store may refuse a row as too old: nothing is handed
  // on then.
  void store_row(const Record<K, VIn>& record, const V* now, const V* before, Timestamp time,
                 bool before_is_start = false) {
    const RecordContext cause{record.timestamp(), &record.headers(), this->context().metadata()};
    const bool present = now != nullptr && value_serde_.serialize(*now, rows_.start_row(time));
    const TableRows::Stored stored = present ? rows_.write(cause) : rows_.erase(time, cause);
    if (!stored.accepted || rows_.cached()) return;
    hand_on(
        record,
        {.now = now, .before = before, .latest = stored.latest, .before_is_start = before_is_start},
        time);
  }

  // Forwards the change as that of `record`, at `time`.
  void hand_on(const Record<K, VIn>& record, const Change<V>& change, Timestamp time) const {
    this->forward(Record<K, Change<V>>{record.key_or_null(), &change, time, record.headers()});
  }

 private:
  void flushed(const state::CacheEntry& entry) final {
    key_serde_.deserialize(entry.key, flushed_key_);
    Change<V> change;
    Timestamp time = entry.context.timestamp;
    if (entry.now) {
      value_serde_.deserialize(rows_.format().value(*entry.now), flushed_now_);
      change.now = &flushed_now_;
      time = rows_.format().time(*entry.now);
    }
    if (entry.before && settings_.send_old_values) {
      value_serde_.deserialize(rows_.format().value(*entry.before), flushed_before_);
      change.before = &flushed_before_;
    }
    // A cache that is full flushes in the middle of a record, which goes on afterwards.
    TaskContext& context = this->context();
    const RecordMetadata interrupted = context.metadata();
    context.flushing(entry.context.metadata);
    this->forward(Record<K, Change<V>>{&flushed_key_, &change, time, *entry.context.headers});
    context.flushing(interrupted);
  }

  TableSettings settings_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  TableRows rows_;    // of the record being processed
  TableRows lookup_;  // for read(), which may come in the middle of that
  K flushed_key_{};
  V flushed_now_{};
  V flushed_before_{};
};

}  // namespace moldau::inline v0::processor
