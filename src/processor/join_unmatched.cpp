#include "moldau/processor/join_unmatched.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"
#include "moldau/serde/list_format.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace moldau::inline v0::processor {

UnmatchedRecords::Closing::~Closing() = default;
SharesUnmatched::~SharesUnmatched() = default;

namespace {

constexpr std::size_t time_size = sizeof(std::int64_t);
constexpr std::size_t side_size = 1;

// A list of elements that differ in size: a byte that says so, their number, then each behind its
// size.
constexpr std::byte variable_size{1};
constexpr std::size_t count_at = 1;
constexpr std::size_t elements_at = count_at + sizeof(std::int32_t);

std::byte byte_of(JoinSide side) { return static_cast<std::byte>(side); }

struct RowKey {
  Timestamp at;
  JoinSide side;
  Bytes key;
};

RowKey parse(std::string_view store, Bytes row_key) {
  if (row_key.size() < time_size + side_size) {
    throw StateStoreError("store \"" + std::string{store} + "\": a key of " +
                          std::to_string(row_key.size()) +
                          " bytes, expected are the time, the side and the key of a record");
  }
  return {.at = Timestamp{load_big_endian<std::int64_t>(row_key.data())},
          .side = row_key[time_size] == byte_of(JoinSide::left) ? JoinSide::left : JoinSide::right,
          .key = row_key.without_first(time_size + side_size)};
}

void append_element(ByteBuffer& list, JoinSide side, Bytes value) {
  const std::int32_t count =
      list.empty() ? 0 : load_big_endian<std::int32_t>(list.data() + count_at);
  if (list.empty()) {
    list.append(variable_size);
    append_big_endian(list, std::int32_t{0});
  }
  append_big_endian(list, static_cast<std::int32_t>(side_size + value.size()));
  list.append(byte_of(side));
  list.append(value);
  store_big_endian(count + 1, list.data() + count_at);
}

}  // namespace

void UnmatchedRecords::open(TaskContext& context, const std::string& store) {
  context_ = &context;
  store_ = dynamic_cast<state::KeyValueBytesStore*>(&context.store(store));
  if (store_ == nullptr) {
    throw TopologyError("store \"" + store +
                        "\" is not a key-value store: a join keeps its "
                        "unmatched records in one");
  }
}

void UnmatchedRecords::rolled_back() {
  highest_ = Timestamp::unknown();
  earliest_.reset();
  oldest_ = Timestamp{0};
}

void UnmatchedRecords::advance(Timestamp at) { highest_ = std::max(highest_, at); }

bool UnmatchedRecords::is_open(JoinSide side, Timestamp at) const {
  return reach_.last_chance(side, at) >= highest_;
}

// The reference says unmatched as soon as no record that is on time can match, which is too soon
// for those within the grace period.
bool UnmatchedRecords::is_final(JoinSide side, Timestamp at) const {
  if (context_->semantics() == Semantics::kafka_streams_4_3) {
    return reach_.around(side, at).to < highest_;
  }
  return !is_open(side, at);
}

bool UnmatchedRecords::due(JoinSide arriving) {
  if (earliest_ && is_open(arriving, *earliest_)) return false;
  // Going over the store costs more than a record does, so not with every one of them.
  const Timestamp now = context_->clock().wall();
  if (now < next_look_) return false;
  next_look_ = now + context_->outer_join_emit_interval();
  return true;
}

void UnmatchedRecords::release(JoinSide arriving, const RecordContext& cause, Closing& to) {
  if (cause.timestamp != highest_ || !due(arriving)) return;
  earliest_ = Timestamp::max();
  // Not from the start, where rows that are gone already may still cost time.
  state::ByteRange parked{.from = ByteBuffer{}, .to = std::nullopt};
  append_big_endian(*parked.from, oldest_.milliseconds());
  oldest_ = Timestamp::max();
  bool left_open = false;
  bool right_open = false;
  // Rows are deleted one behind: when the next one has been handed over, as in the reference.
  bool pending = false;
  const auto rows = store_->range(parked, state::Direction::forward);
  for (; rows->valid(); rows->next()) {
    const RowKey row = parse(store_->name(), rows->key());
    earliest_ = row.at;
    if (left_open && right_open) break;
    if (is_open(row.side, row.at)) {
      oldest_ = std::min(oldest_, row.at);
      (row.side == JoinSide::left ? left_open : right_open) = true;
      continue;
    }
    detail::ListReader values{rows->value(), 0};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::optional<Bytes> element = values.next();
      if (!element || element->size() < side_size) values.throw_null_element();
      to.closed(row.side, row.key, row.at, element->without_first(side_size));
      if (i != 0) continue;
      if (pending) store_->put(row_key_, std::nullopt, cause);
      row_key_.assign(rows->key());
      pending = true;
    }
  }
  if (pending) store_->put(row_key_, std::nullopt, cause);
}

void UnmatchedRecords::set_row_key(JoinSide side, Bytes key, Timestamp at) {
  row_key_.clear();
  append_big_endian(row_key_, at.milliseconds());
  row_key_.append(byte_of(side));
  row_key_.append(key);
}

void UnmatchedRecords::park(JoinSide side, Bytes key, Bytes value, const RecordContext& cause) {
  const Timestamp at = cause.timestamp;
  if (earliest_) earliest_ = std::min(*earliest_, at);
  oldest_ = std::min(oldest_, at);
  set_row_key(side, key, at);
  if (!store_->get(row_key_, row_)) row_.clear();
  if (!row_.empty() && (row_.size() < elements_at || row_.data()[0] != variable_size)) {
    throw StateStoreError("store \"" + std::string{store_->name()} +
                          "\": a row that is not a list of records");
  }
  append_element(row_, side, value);
  store_->put(row_key_, row_.bytes(), cause);
}

void UnmatchedRecords::matched(JoinSide side, Bytes key, Timestamp at, const RecordContext& cause) {
  set_row_key(side, key, at);
  if (store_->get(row_key_, row_)) store_->put(row_key_, std::nullopt, cause);
}

}  // namespace moldau::inline v0::processor
