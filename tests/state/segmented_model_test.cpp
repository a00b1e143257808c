#include "segmented_model.h"

#include "moldau/state/session_rows.h"
#include "moldau/state/window_rows.h"

#include "store_fixture.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <random>
#include <tuple>

namespace moldau::state {
namespace {

using namespace std::chrono_literals;

enum class Variant : std::uint8_t { plain, cached, indexed, cached_indexed, duplicates };

// One call for windows and sessions, in the terms of the model.
class AnyRows {
 public:
  void open(StateStore& store, StoreKind kind) {
    kind_ = kind;
    if (kind_ == StoreKind::window) {
      windows_.open(store);
    } else {
      sessions_.open(store);
    }
  }
  void put(const ModelRow& row, const std::optional<std::string>& value) {
    const std::optional<Bytes> given = value ? std::optional{bytes(*value)} : std::nullopt;
    if (kind_ == StoreKind::window) {
      windows_.put(bytes(row.key), Timestamp{row.time}, given, at(row.time));
    } else {
      sessions_.put(bytes(row.key), session(row), given, at(row.time));
    }
  }
  std::optional<std::string> get(const ModelRow& row) {
    ByteBuffer value;
    const bool found = kind_ == StoreKind::window
                           ? windows_.get(bytes(row.key), Timestamp{row.time}, value)
                           : sessions_.get(bytes(row.key), session(row), value);
    return found ? std::optional{value.take_text()} : std::nullopt;
  }
  ModelRows fetch(const std::string& key, TimeSpan times, Timestamp latest_start,
                  Direction direction) {
    return kind_ == StoreKind::window
               ? read(windows_.fetch(bytes(key), times, direction))
               : read(sessions_.find(bytes(key), times.from, latest_start, direction));
  }
  ModelRows fetch(const KeySpan& keys, TimeSpan times, Timestamp latest_start,
                  Direction direction) {
    return kind_ == StoreKind::window
               ? read(windows_.fetch(keys, times, direction))
               : read(sessions_.find(keys, times.from, latest_start, direction));
  }
  ModelRows by_time(TimeSpan times) {
    return kind_ == StoreKind::window ? read(windows_.by_time(times))
                                      : read(sessions_.by_end(times));
  }

 private:
  static TimeSpan session(const ModelRow& row) {
    return {.from = Timestamp{row.tail}, .to = Timestamp{row.time}};
  }
  static ModelRows read(std::unique_ptr<WindowIterator> it) {
    ModelRows rows;
    for (; it->valid(); it->next()) {
      rows.emplace_back(ModelRow{std::string{it->key().text()}, it->start().milliseconds(), 0},
                        it->value().text());
    }
    return rows;
  }
  static ModelRows read(std::unique_ptr<SessionIterator> it) {
    ModelRows rows;
    for (; it->valid(); it->next()) {
      rows.emplace_back(ModelRow{std::string{it->key().text()}, it->end().milliseconds(),
                                 it->start().milliseconds()},
                        it->value().text());
    }
    return rows;
  }

  StoreKind kind_ = StoreKind::window;
  WindowRows windows_;
  SessionRows sessions_;
};

class CountingDrops final : public DroppedRows {
 public:
  void dropped(std::string_view, std::string_view) override { ++count; }
  int count = 0;
};

// Random calls to a store and to the model, with commits, rollbacks, reopening and restoring.
class SegmentedModelTest
    : public ::testing::TestWithParam<std::tuple<StoreKind, StoreType, Variant>> {
 protected:
  static constexpr std::int64_t interval = 30;

  SegmentedModelTest() { open(); }

  void open() {
    store_ = bench_.open(spec_, &drops_);
    rows_.open(*store_, spec_.kind);
    cache_.clear();
    dirty_.clear();
  }

  void step() {
    const int dice = number(100);
    if (dice < 40) {
      put(number(4) > 0 ? std::optional{"v" + std::to_string(number(1000))} : std::nullopt);
    } else if (dice < 55) {
      if (!duplicates()) get();
    } else if (dice < 88) {
      fetch();
    } else if (dice < 94) {
      flush();
      store_->commit(position(++commits_));
      committed_ = below_;
      committed_sends_ = bench_.sink.sent.size();
      committed_sequence_ = sequence_;
    } else if (dice < 97) {
      rollback();
    } else if (number(3) == 0) {
      reopen();
    }
    ASSERT_EQ(drops_.count, expected_drops_);
  }

  bool duplicates() const { return spec_.retain_duplicates; }
  bool cached() const { return spec_.caching; }

  ModelRow random_row() {
    // Mostly near the newest, sometimes far back, sometimes a leap ahead.
    const int dice = number(50);
    std::int64_t time = std::max<std::int64_t>(0, newest_ + number(40) - 30);
    if (dice == 0) time = newest_ + number(300);
    if (dice > 45) time = std::max<std::int64_t>(0, newest_ - number(200));
    ModelRow row{key(), time, 0};
    if (spec_.kind == StoreKind::session) row.tail = std::max<std::int64_t>(0, time - number(60));
    return row;
  }

  void put(const std::optional<std::string>& value) {
    ModelRow row = random_row();
    rows_.put(row, value);
    if (duplicates()) {
      row.tail = ++sequence_;
      if (!value) {
        if (spec_.type == StoreType::in_memory) put_below(row, value);
        return;
      }
    }
    newest_ = std::max(newest_, row.time);
    if (!cached()) return put_below(row, value);
    cache_[row] = value;
    dirty_.remove(row);
    dirty_.push_back(row);
  }

  void put_below(const ModelRow& row, const std::optional<std::string>& value) {
    if (!below_.put(row, value)) ++expected_drops_;
    // A removal of a session that comes too late is not counted: the model says the same of both.
  }

  void flush() {
    store_->flush_cache();
    for (const ModelRow& row : dirty_) {
      put_below(row, cache_[row]);
      if (!cache_[row]) cache_.erase(row);
    }
    dirty_.clear();
  }

  void rollback() {
    store_->rollback();
    below_ = committed_;
    cache_.clear();
    dirty_.clear();
    sequence_ = committed_sequence_;
    bench_.sink.sent.resize(committed_sends_);
  }

  // A store on disk goes on where it was; one in memory is restored, as is one whose files are
  // gone.
  void reopen() {
    rollback();
    store_.reset();
    const bool anew = spec_.type == StoreType::in_memory || number(2) == 0;
    if (anew && spec_.type == StoreType::rocksdb) {
      bench_.storage->destroy(bench_.folder.path() / spec_.name);
    }
    open();
    if (!anew) return;
    std::vector<RawRecord> records;
    for (std::size_t i = 0; i < bench_.sink.sent.size(); ++i) {
      const Sent& sent = bench_.sink.sent[i];
      records.push_back({.key = bytes(sent.key),
                         .value = sent.value ? std::optional{bytes(*sent.value)} : std::nullopt,
                         .timestamp = Timestamp{sent.time},
                         .offset = Offset{static_cast<std::int64_t>(i)}});
      if (number(20) == 0 || i + 1 == bench_.sink.sent.size()) {
        store_->restore(records, position(commits_));
        records.clear();
      }
    }
  }

  void get() {
    const ModelRow row = random_row();
    const auto held = cache_.find(row);
    ASSERT_EQ(rows_.get(row), held != cache_.end() ? held->second : below_.get(row));
  }

  void fetch() {
    const std::string first = key();
    const std::string last = key();
    const bool from_given = number(3) > 0;
    const bool to_given = number(3) > 0;
    const bool one = number(2) == 0;
    TimeSpan times{.from = Timestamp{newest_ - number(200)},
                   .to = Timestamp{newest_ + 5 - number(150)}};
    if (number(4) == 0) times = {};
    if (spec_.kind == StoreKind::session) times.to = Timestamp::max();
    const Timestamp latest_start =
        number(2) == 0 ? Timestamp::max() : Timestamp{newest_ - number(100)};
    const auto direction = number(2) == 0 ? Direction::forward : Direction::backward;

    const auto in_time = [&](const ModelRow& row) {
      return Timestamp{row.time} >= times.from && Timestamp{row.time} <= times.to;
    };
    if (spec_.time_index && number(2) == 0) {
      if (number(2) == 0) times.to = Timestamp{newest_ - number(100)};
      ModelRows expected = below_.indexed(in_time);
      if (cached()) {
        expected = with_cache(expected, in_time);
        std::ranges::sort(expected, {}, by_time);
      }
      ASSERT_EQ(rows_.by_time(times), shown(std::move(expected)));
      return;
    }
    const auto wanted = [&](const ModelRow& row) {
      if (!in_time(row)) return false;
      if (spec_.kind == StoreKind::session && Timestamp{row.tail} > latest_start) return false;
      if (one) return row.key == first;
      return (!from_given || row.key >= first) && (!to_given || row.key <= last);
    };
    ModelRows expected = with_cache(below_.rows(wanted), wanted);
    if (direction == Direction::backward) std::ranges::reverse(expected);
    const KeySpan keys{.from = from_given ? std::optional{bytes(first)} : std::nullopt,
                       .to = to_given ? std::optional{bytes(last)} : std::nullopt};
    ASSERT_EQ(one ? rows_.fetch(first, times, latest_start, direction)
                  : rows_.fetch(keys, times, latest_start, direction),
              shown(std::move(expected)));
  }

  // Lays the cache over the rows, and puts all in the order of their bytes.
  template <class Wanted>
  ModelRows with_cache(const ModelRows& rows, const Wanted& wanted) {
    std::map<ModelRow, std::string> all{rows.begin(), rows.end()};
    for (const auto& [row, value] : cache_) {
      if (!wanted(row)) continue;
      if (value) {
        all[row] = *value;
      } else {
        all.erase(row);
      }
    }
    ModelRows sorted{all.begin(), all.end()};
    std::ranges::sort(sorted, {}, [this](const auto& entry) {
      const ModelRow& row = entry.first;
      ByteBuffer order;
      append_big_endian(order, below_.segment(row.time));
      order.append(bytes(row.key));
      append_big_endian(order, row.time);
      append_big_endian(order, row.tail);
      return order;
    });
    return sorted;
  }

  static std::pair<std::int64_t, std::string> by_time(const ModelRows::value_type& entry) {
    return {entry.first.time, entry.first.key};
  }

  // Sequence numbers do not show.
  ModelRows shown(ModelRows rows) const {
    if (duplicates()) {
      for (auto& [row, value] : rows) row.tail = 0;
    }
    return rows;
  }

  int number(int below) { return std::uniform_int_distribution{0, below - 1}(random_); }
  std::string key() {
    std::string text;
    // Bytes that look like those of a time, so that keys run into the times of others.
    for (int size = number(4); size > 0; --size) text.push_back("\0\0\x01\xff"[number(4)]);
    return text;
  }

  static StoreSpec make_spec() {
    const auto [kind, type, variant] = GetParam();
    return {.name = "s",
            .type = type,
            .layout = ValueLayout::plain,
            .caching = variant == Variant::cached || variant == Variant::cached_indexed,
            .kind = kind,
            .retention = 100ms,
            .segment_interval = std::chrono::milliseconds{interval},
            .linger = 3ms,
            .window_size = 10ms,
            .retain_duplicates = variant == Variant::duplicates,
            .time_index = variant == Variant::indexed || variant == Variant::cached_indexed};
  }

  std::mt19937_64 random_{test_seed()};
  StoreBench bench_;
  StoreSpec spec_ = make_spec();
  CountingDrops drops_;
  std::unique_ptr<KeyValueBytesStore> store_;
  AnyRows rows_;

  SegmentedModel below_{spec_, interval};
  SegmentedModel committed_ = below_;
  std::map<ModelRow, std::optional<std::string>> cache_;
  std::list<ModelRow> dirty_;
  std::int64_t newest_ = 0;
  std::int64_t sequence_ = 0;
  std::int64_t committed_sequence_ = 0;
  std::size_t committed_sends_ = 0;
  std::int64_t commits_ = 0;
  int expected_drops_ = 0;
};

TEST_P(SegmentedModelTest, AgreesWithAnOrderedMap) {
  for (int i = 0; i < random_tries(10'000) && !HasFatalFailure(); ++i) step();
}

std::string name_of(
    const ::testing::TestParamInfo<std::tuple<StoreKind, StoreType, Variant>>& info) {
  const auto [kind, type, variant] = info.param;
  std::string name = kind == StoreKind::window ? "Windows" : "Sessions";
  name += type == StoreType::rocksdb ? "RocksDb" : "Memory";
  switch (variant) {
    case Variant::plain:
      return name;
    case Variant::cached:
      return name + "Cached";
    case Variant::indexed:
      return name + "Indexed";
    case Variant::cached_indexed:
      return name + "CachedIndexed";
    case Variant::duplicates:
      return name + "Duplicates";
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Windows, SegmentedModelTest,
    ::testing::Combine(::testing::Values(StoreKind::window),
                       ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Values(Variant::plain, Variant::cached, Variant::indexed,
                                         Variant::cached_indexed, Variant::duplicates)),
    name_of);
INSTANTIATE_TEST_SUITE_P(
    Sessions, SegmentedModelTest,
    ::testing::Combine(::testing::Values(StoreKind::session),
                       ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Values(Variant::plain, Variant::cached, Variant::indexed)),
    name_of);

}  // namespace
}  // namespace moldau::state
