#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/final_results.h"
#include "moldau/processor/node.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/row_format.h"
#include "moldau/processor/row_readers.h"
#include "moldau/processor/windows.h"
#include "moldau/record/change.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"
#include "moldau/state/window_rows.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace moldau::inline v0::processor {

// What the aggregations over time and over sliding windows have in common: the rows, the way of a
// change downwards, and final results. A row is written and handed on at once; with a cache, handed
// on when that is flushed; of final results, handed on when its window has closed.
template <class K, class V, class Fold>
class WindowTableNode : public ProcessorNode<K, V, Windowed<K>, Change<typename Fold::Total>>,
                        public ReadableTable<Windowed<K>, typename Fold::Total>,
                        private state::FlushListener {
 protected:
  using Total = typename Fold::Total;

 public:
  struct Definition {
    Fold fold;
    WindowTimes times;
    std::shared_ptr<const WindowAssigner> windows;  // null: sliding windows
    bool final_results = false;
    AnySerde<K> key_serde;
    AnySerde<Total> value_serde;
    TableSettings table = {};
  };

  void init(TaskContext& context) override {
    Node::init(context);
    rows_.open(context.store(settings_.store));
    format_ = RowFormat{rows_.layout()};
    reader_.open(context, settings_);
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

 protected:
  explicit WindowTableNode(const Definition& definition)
      : fold_(definition.fold),
        settings_(definition.table),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        reader_(definition.key_serde, definition.value_serde),
        clock_(definition.times),
        emits_final_results_(definition.final_results),
        final_results_(definition.times, definition.windows) {}

  [[nodiscard]] virtual Timestamp end_of(Timestamp start) const = 0;

  // Moves the operator's time on and turns to the record's key. To be called first; `newest` is the
  // latest start of a row the record may put.
  void begin(const Record<K, V>& record, Timestamp newest) {
    clock_.observe(record.timestamp());
    if (emits_final_results_ && final_results_.come_first()) emit_final_results(record, newest);
    key_.clear();
    key_serde_.serialize(record.key(), key_);
    if (forwards()) windowed_key_.key = record.key();
  }
  // To be called last.
  void end(const Record<K, V>& record) {
    if (emits_final_results_ && !final_results_.come_first()) {
      emit_final_results(record, record.timestamp());
    }
  }

  [[nodiscard]] const WindowClock& clock() const noexcept { return clock_; }
  [[nodiscard]] state::WindowRows& rows() noexcept { return rows_; }
  [[nodiscard]] const RowFormat& format() const noexcept { return format_; }
  [[nodiscard]] Bytes key() const noexcept { return key_; }

  void drop_late() { this->context().drop(*this, "it is late for its window, which has closed"); }

  // Adds the record to what `row` holds, as its store keeps it, or to an initial total, and makes
  // that the row of the window; `row_time` is the time to take over from it. `is_new`: the window
  // had no row, and `row` is another one's.
  void add_record(const Record<K, V>& record, const Window& window, const std::optional<Bytes>& row,
                  Timestamp row_time, bool is_new = false) {
    bool alive = true;
    bool has_before = false;
    bool before_is_start = is_new;
    Timestamp time = record.timestamp();
    if (row) {
      time = std::max(time, row_time);
      value_serde_.deserialize(format_.value(*row), total_);
      if (settings_.send_old_values) {
        value_serde_.deserialize(format_.value(*row), before_);
        has_before = true;
      }
      alive = fold_.next(record, total_);
    } else if constexpr (Fold::starts_with_first_value) {
      // A first value that is null makes no row; the reference deletes the one there is not.
      alive = !absent(record.value_or_null());
      if (alive) fold_.start(record, total_);
    } else {
      fold_.start(record, total_);
      // The reference hands the initial value on as the row before.
      has_before = settings_.send_old_values && copy_total();
      before_is_start = true;
      alive = fold_.next(record, total_);
    }
    put(record, window,
        {.now = alive ? &total_ : nullptr,
         .before = has_before ? &before_ : nullptr,
         .before_is_start = has_before && before_is_start},
        time);
  }

  // Makes `row`, as a store keeps it, the row of a window that had none.
  void take_over(const Record<K, V>& record, const Window& window, Bytes row, Timestamp time) {
    rows_.put(key_, window.start, row, cause(record));
    if (!forwards()) return;
    value_serde_.deserialize(format_.value(row), total_);
    hand_on(record, window, {.now = &total_}, time);
  }

 private:
  void put(const Record<K, V>& record, const Window& window, Change<Total> change, Timestamp time) {
    format_.start(row_, time);
    if (change.now != nullptr && !value_serde_.serialize(*change.now, row_)) change.now = nullptr;
    rows_.put(key_, window.start,
              change.now != nullptr ? std::optional{row_.bytes()} : std::nullopt, cause(record));
    if (forwards()) hand_on(record, window, change, time);
  }

  [[nodiscard]] bool forwards() const noexcept { return !emits_final_results_ && !rows_.cached(); }

  void hand_on(const Record<K, V>& record, const Window& window, const Change<Total>& change,
               Timestamp time) {
    windowed_key_.window = window;
    this->forward(
        Record<Windowed<K>, Change<Total>>{&windowed_key_, &change, time, record.headers()});
  }

  [[nodiscard]] RecordContext cause(const Record<K, V>& record) const {
    return {record.timestamp(), &record.headers(), this->context().metadata()};
  }

  void emit_final_results(const Record<K, V>& record, Timestamp newest) {
    const std::optional<state::TimeSpan> starts = final_results_.due(clock_, newest);
    if (!starts) return;
    for (auto row = rows_.by_time(*starts); row->valid(); row->next()) {
      key_serde_.deserialize(row->key(), windowed_key_.key);
      value_serde_.deserialize(format_.value(row->value()), total_);
      hand_on(record, {.start = row->start(), .end = end_of(row->start())}, {.now = &total_},
              format_.time(row->value()));
    }
    final_results_.emitted(clock_);
  }

  void flushed(const state::CacheEntry& entry) final {
    const auto [key, start] = state::WindowRows::parse(entry.key);
    key_serde_.deserialize(key, flushed_key_.key);
    flushed_key_.window = {.start = start, .end = end_of(start)};
    Change<Total> change;
    Timestamp time = entry.context.timestamp;
    if (entry.now) {
      value_serde_.deserialize(format_.value(*entry.now), flushed_now_);
      change.now = &flushed_now_;
      time = format_.time(*entry.now);
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
        Record<Windowed<K>, Change<Total>>{&flushed_key_, &change, time, *entry.context.headers});
    context.flushing(interrupted);
  }

  // By its bytes: a total need not be copyable. False if it stands for null.
  bool copy_total() {
    row_.clear();
    if (!value_serde_.serialize(total_, row_)) return false;
    value_serde_.deserialize(row_.bytes(), before_);
    return true;
  }

  Fold fold_;
  TableSettings settings_;
  AnySerde<K> key_serde_;
  AnySerde<Total> value_serde_;
  state::WindowRows rows_;
  RowFormat format_;
  WindowRowReader<K, Total> reader_;  // for read(), which may come in the middle of a record
  WindowClock clock_;
  bool emits_final_results_;
  FinalResults final_results_;

  ByteBuffer key_;
  ByteBuffer row_;
  Windowed<K> windowed_key_{};
  Total total_{};
  Total before_{};
  Windowed<K> flushed_key_{};
  Total flushed_now_{};
  Total flushed_before_{};
};

}  // namespace moldau::inline v0::processor
