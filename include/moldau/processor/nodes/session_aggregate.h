#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/final_results.h"
#include "moldau/processor/node.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/row_format.h"
#include "moldau/processor/row_readers.h"
#include "moldau/processor/session_merge.h"
#include "moldau/processor/windows.h"
#include "moldau/record/change.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"
#include "moldau/state/session_rows.h"

#include <chrono>
#include <optional>
#include <utility>

namespace moldau::inline v0::processor {

// count(), reduce() and aggregate() over sessions: one row a key and session. A record makes a
// session of its own or joins the sessions within the gap, which then become one. The sessions it
// joins are deleted first, even if one of them has the bounds of the result. Records without a key
// are dropped; a null value is a value like any other.
//
// A session's changes have the time of its end and, unless a cache held them back, no headers. Then
// they have those of the record, or those of the row if the store keeps any.
template <class K, class V, class Fold>
class SessionAggregateNode final
    : public ProcessorNode<K, V, Windowed<K>, Change<typename Fold::Total>>,
      public ReadableTable<Windowed<K>, typename Fold::Total>,
      private state::FlushListener {
  using Total = typename Fold::Total;

 public:
  struct Definition {
    Fold fold;
    WindowTimes times;
    std::chrono::milliseconds gap{0};
    bool final_results = false;
    AnySerde<K> key_serde;
    AnySerde<Total> value_serde;
    TableSettings table = {};
  };

  explicit SessionAggregateNode(const Definition& definition)
      : fold_(definition.fold),
        settings_(definition.table),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        reader_(definition.key_serde, definition.value_serde),
        clock_(definition.times),
        merge_(definition.gap),
        emits_final_results_(definition.final_results),
        final_results_(definition.times, nullptr) {}

  void init(TaskContext& context) override {
    Node::init(context);
    rows_.open(context.store(settings_.store));
    format_ = RowFormat{rows_.layout()};
    reader_.open(context, settings_);
    closed_are_final_ = context.semantics() == Semantics::complete;
    if (emits_final_results_) {
      final_results_.open(context, settings_.store, clock_);
    } else {
      rows_.listen(*this, settings_.send_old_values);
    }
  }

  void rolled_back() override {
    clock_.forget();
    if (emits_final_results_) final_results_.resume(clock_);
  }

  bool read(const Windowed<K>& key, Total& value, Timestamp& time) override {
    return reader_.read(key, value, time);
  }
  [[nodiscard]] bool can_be_read() const override { return true; }

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null())) {
      this->context().drop(*this, "it has no key");
      return;
    }
    clock_.observe(record.timestamp());
    const bool final_results_first = final_results_.come_first();
    if (final_results_first) emit_final_results(record);
    update(record);
    if (!final_results_first) emit_final_results(record);
  }

 private:
  void update(const Record<K, V>& record) {
    key_.clear();
    key_serde_.serialize(record.key(), key_);
    // With complete semantics a session that has closed is final, although its row may still be
    // there; the reference changes what its store happens to show.
    merge_.find(rows_, key_, record.timestamp(),
                closed_are_final_ ? std::optional{clock_.close_time()} : std::nullopt);
    const Window merged = merge_.merged();
    if (clock_.closed(merged.end)) {
      this->context().drop(*this, "it is late for its session, which has closed");
      return;
    }
    if (forwards()) windowed_key_.key = record.key();
    bool alive = merge_totals(record);
    const Window alone{.start = record.timestamp(), .end = record.timestamp()};
    if (merged != alone) delete_merged(record);
    alive = add(record, alive);
    store(record, merged, alive);
  }

  // False if that makes no total: the record is then the first one.
  bool merge_totals(const Record<K, V>& record) {
    bool alive = !Fold::starts_with_first_value;
    if constexpr (!Fold::starts_with_first_value) fold_.start(record, total_);
    for (const SessionMerge::Found& session : merge_.found()) {
      value_serde_.deserialize(format_.value(merge_.value(session)), alive ? other_ : total_);
      alive = !alive || fold_.merge(record.key(), total_, other_);
    }
    return alive;
  }

  void delete_merged(const Record<K, V>& record) {
    for (const SessionMerge::Found& found : merge_.found()) {
      rows_.remove(key_, span_of(found.session), cause(record));
      if (!forwards()) continue;
      Change<Total> change;
      if (settings_.send_old_values) {
        value_serde_.deserialize(format_.value(merge_.value(found)), other_);
        change.before = &other_;
      }
      hand_on(found.session, change, no_headers());
    }
  }

  bool add(const Record<K, V>& record, bool alive) {
    if (alive) return fold_.next(record, total_);
    if constexpr (Fold::starts_with_first_value) {
      if (absent(record.value_or_null())) return false;
      fold_.start(record, total_);
      return true;
    } else {
      fold_.start(record, total_);
      return fold_.next(record, total_);
    }
  }

  void store(const Record<K, V>& record, const Window& session, bool alive) {
    format_.start(row_, session.end);
    std::optional<Bytes> row;
    if (alive && value_serde_.serialize(total_, row_)) row = row_.bytes();
    rows_.put(key_, span_of(session), row, cause(record));
    if (forwards()) hand_on(session, {.now = row ? &total_ : nullptr}, no_headers());
  }

  [[nodiscard]] bool forwards() const noexcept { return !emits_final_results_ && !rows_.cached(); }

  void hand_on(const Window& session, const Change<Total>& change, const Headers& headers) {
    windowed_key_.window = session;
    this->forward(
        Record<Windowed<K>, Change<Total>>{&windowed_key_, &change, session.end, headers});
  }

  [[nodiscard]] RecordContext cause(const Record<K, V>& record) const {
    return {record.timestamp(), &record.headers(), this->context().metadata()};
  }

  static state::TimeSpan span_of(const Window& session) {
    return {.from = session.start, .to = session.end};
  }

  void emit_final_results(const Record<K, V>& record) {
    if (!emits_final_results_) return;
    const std::optional<state::TimeSpan> ends = final_results_.due(clock_, record.timestamp());
    if (!ends) return;
    for (auto row = rows_.by_end(*ends); row->valid(); row->next()) {
      key_serde_.deserialize(row->key(), windowed_key_.key);
      value_serde_.deserialize(format_.value(row->value()), total_);
      hand_on({.start = row->start(), .end = row->end()}, {.now = &total_}, record.headers());
    }
    final_results_.emitted(clock_);
  }

  void flushed(const state::CacheEntry& entry) final {
    const auto [key, session] = state::SessionRows::parse(entry.key);
    key_serde_.deserialize(key, flushed_key_.key);
    flushed_key_.window = {.start = session.from, .end = session.to};
    Change<Total> change;
    if (entry.now) {
      value_serde_.deserialize(format_.value(*entry.now), flushed_now_);
      change.now = &flushed_now_;
    }
    if (entry.before && settings_.send_old_values) {
      value_serde_.deserialize(format_.value(*entry.before), flushed_before_);
      change.before = &flushed_before_;
    }
    // A cache that is full flushes in the middle of a record, which goes on afterwards.
    TaskContext& context = this->context();
    const RecordMetadata interrupted = context.metadata();
    context.flushing(entry.context.metadata);
    this->forward(
        Record<Windowed<K>, Change<Total>>{&flushed_key_, &change, session.to, headers_of(entry)});
    context.flushing(interrupted);
  }

  const Headers& headers_of(const state::CacheEntry& entry) {
    if (!format_.keeps_headers()) return *entry.context.headers;
    flushed_headers_.clear();
    if (entry.now) format_.read_headers(*entry.now, flushed_headers_);
    return flushed_headers_;
  }

  Fold fold_;
  TableSettings settings_;
  AnySerde<K> key_serde_;
  AnySerde<Total> value_serde_;
  state::SessionRows rows_;
  RowFormat format_;
  SessionRowReader<K, Total> reader_;  // for read(), which may come in the middle of a record
  WindowClock clock_;
  SessionMerge merge_;
  bool closed_are_final_ = false;
  bool emits_final_results_;
  FinalResults final_results_;

  ByteBuffer key_;
  ByteBuffer row_;
  Windowed<K> windowed_key_{};
  Total total_{};
  Total other_{};
  Windowed<K> flushed_key_{};
  Total flushed_now_{};
  Total flushed_before_{};
  Headers flushed_headers_;
};

}  // namespace moldau::inline v0::processor
