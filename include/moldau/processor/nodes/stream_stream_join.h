#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/join_reach.h"
#include "moldau/processor/join_unmatched.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/node.h"
#include "moldau/serde/serde.h"
#include "moldau/state/window_rows.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

namespace moldau::inline v0::processor {

struct JoinWindowSettings {
  std::string store;
};

// Keeps the records of one stream for the other stream's, after it has handed them on: a record of
// a stream that is joined with itself meets itself once.
template <class K, class V>
class JoinWindowNode final : public ProcessorNode<K, V> {
 public:
  struct Definition {
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    JoinWindowSettings settings = {};
  };

  explicit JoinWindowNode(const Definition& definition)
      : key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        store_(definition.settings.store) {}

  void init(TaskContext& context) override {
    Node::init(context);
    rows_.open(context.store(store_));
  }

  void process(const Record<K, V>& record) override {
    this->forward(record);
    const K* key = record.key_or_null();
    key_.clear();
    if (key == nullptr || !key_serde_.serialize(*key, key_)) return;
    value_.clear();
    const V* value = record.value_or_null();
    const bool has_value = value != nullptr && value_serde_.serialize(*value, value_);
    rows_.put(key_, record.timestamp(), has_value ? std::optional<Bytes>{value_} : std::nullopt,
              {record.timestamp(), &record.headers(), this->context().metadata()});
  }

 private:
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  std::string store_;
  state::WindowRows rows_;
  ByteBuffer key_;
  ByteBuffer value_;
};

struct StreamJoinSettings {
  JoinReach reach;
  std::string other_store;      // of the records to be met
  std::string unmatched_store;  // of an inner join: none
  std::string left_node;        // of the right side of a left or outer join: who has what is shared
};

// One side of join(), left_join() or outer_join() of two streams: finds the records of the other
// side that a record meets.
template <JoinKind kind, JoinSide side, class K, class V1, class V2, class F>
class StreamJoinNode final
    : public ProcessorNode<K, std::conditional_t<side == JoinSide::left, V1, V2>, K,
                           Emitted<JoinResult<kind, F, K, V1, V2>>>,
      public SharesUnmatched,
      private UnmatchedRecords::Closing {
  using This = std::conditional_t<side == JoinSide::left, V1, V2>;
  using Other = std::conditional_t<side == JoinSide::left, V2, V1>;
  using Out = Emitted<JoinResult<kind, F, K, V1, V2>>;

  static constexpr bool is_outer = kind != JoinKind::inner;
  // Records of this side appear in results without a match.
  static constexpr bool keeps_unmatched =
      kind == JoinKind::outer || (kind == JoinKind::left && side == JoinSide::left);

 public:
  struct Definition {
    F joiner;
    AnySerde<K> key_serde;
    AnySerde<V1> left_serde;
    AnySerde<V2> right_serde;
    StreamJoinSettings settings = {};
  };

  explicit StreamJoinNode(const Definition& definition)
      : joiner_(definition.joiner),
        key_serde_(definition.key_serde),
        left_serde_(definition.left_serde),
        right_serde_(definition.right_serde),
        settings_(definition.settings),
        own_unmatched_(definition.settings.reach) {}

  void init(TaskContext& context) override {
    Node::init(context);
    others_.open(context.store(settings_.other_store));
    if constexpr (is_outer) {
      if constexpr (side == JoinSide::left) {
        own_unmatched_.open(context, settings_.unmatched_store);
        unmatched_ = &own_unmatched_;
      } else {
        unmatched_ = &dynamic_cast<SharesUnmatched&>(context.node(settings_.left_node)).unmatched();
      }
    }
  }

  void rolled_back() override {
    if constexpr (is_outer && side == JoinSide::left) own_unmatched_.rolled_back();
  }

  UnmatchedRecords& unmatched() override { return *unmatched_; }

  void process(const Record<K, This>& record) override {
    if constexpr (is_outer) unmatched_->advance(record.timestamp());
    const bool no_value = absent(record.value_or_null());
    if (no_value || absent(record.key_or_null())) {
      if (keeps_unmatched && !no_value) {
        emit_unmatched(record);
      } else {
        this->context().drop(*this, "it has no key or no value, so nothing can be joined with it");
      }
      return;
    }
    const RecordContext cause{record.timestamp(), &record.headers(), this->context().metadata()};
    if constexpr (is_outer) {
      cause_ = cause;
      unmatched_->release(side, cause, *this);
    }
    key_.clear();
    key_serde_.serialize(record.key(), key_);
    if (emit_matches(record, cause)) return;
    if constexpr (keeps_unmatched) {
      if (unmatched_->is_final(side, record.timestamp())) {
        emit_unmatched(record);
      } else {
        value_.clear();
        this_serde().serialize(record.value(), value_);
        unmatched_->park(side, key_, value_, cause);
      }
    }
  }

 private:
  [[nodiscard]] const auto& this_serde() const {
    if constexpr (side == JoinSide::left) {
      return left_serde_;
    } else {
      return right_serde_;
    }
  }
  [[nodiscard]] const auto& other_serde() const {
    if constexpr (side == JoinSide::left) {
      return right_serde_;
    } else {
      return left_serde_;
    }
  }

  // False if there are none.
  bool emit_matches(const Record<K, This>& record, const RecordContext& cause) {
    const auto matches = others_.fetch(key_, settings_.reach.around(side, record.timestamp()),
                                       state::Direction::forward);
    const bool any = matches->valid();
    for (; matches->valid(); matches->next()) {
      const Timestamp at = matches->start();
      if constexpr (is_outer) unmatched_->matched(opposite(side), key_, at, cause);
      other_serde().deserialize(matches->value(), other_);
      emit(record.key_or_null(), record.value_or_null(), &other_, std::max(record.timestamp(), at),
           record.headers());
    }
    return any;
  }

  void emit_unmatched(const Record<K, This>& record) {
    if constexpr (keeps_unmatched) {
      emit(record.key_or_null(), record.value_or_null(), nullptr, record.timestamp(),
           record.headers());
    }
  }

  void emit(const K* key, const This* mine, const Other* other, Timestamp time,
            const Headers& headers) {
    if constexpr (side == JoinSide::left) {
      emit_joined(key, mine, other, time, headers);
    } else {
      emit_joined(key, other, mine, time, headers);
    }
  }

  void emit_joined(const K* key, const V1* left, const V2* right, Timestamp time,
                   const Headers& headers) {
    const auto& result = call_joiner<kind, K, V1, V2>(joiner_, key, left, right);
    this->forward(Record<K, Out>{key, pointer_to(result), time, headers});
  }

  void closed(JoinSide closed_side, Bytes key, Timestamp at, Bytes value) override {
    if constexpr (is_outer) {
      key_serde_.deserialize(key, closed_key_);
      if (closed_side == JoinSide::left) {
        left_serde_.deserialize(value, closed_left_);
        emit_joined(&closed_key_, &closed_left_, nullptr, at, *cause_.headers);
      } else if constexpr (kind == JoinKind::outer) {
        right_serde_.deserialize(value, closed_right_);
        emit_joined(&closed_key_, nullptr, &closed_right_, at, *cause_.headers);
      }
    }
  }

  F joiner_;
  AnySerde<K> key_serde_;
  AnySerde<V1> left_serde_;
  AnySerde<V2> right_serde_;
  StreamJoinSettings settings_;
  UnmatchedRecords own_unmatched_;
  UnmatchedRecords* unmatched_ = nullptr;
  state::WindowRows others_;
  RecordContext cause_{};  // of the record being processed
  ByteBuffer key_;
  ByteBuffer value_;
  Other other_{};
  K closed_key_{};
  V1 closed_left_{};
  V2 closed_right_{};
};

// join() of a stream with itself on one store, with the results and the order of the two-sided one.
// A left or an outer join is the same here: every record meets itself.
template <JoinKind kind, class K, class V, class F>
class SelfJoinNode final : public ProcessorNode<K, V, K, Emitted<JoinResult<kind, F, K, V, V>>> {
  using Out = Emitted<JoinResult<kind, F, K, V, V>>;

 public:
  struct Definition {
    F joiner;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    StreamJoinSettings settings = {};
  };

  explicit SelfJoinNode(const Definition& definition)
      : joiner_(definition.joiner),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        settings_(definition.settings) {}

  void init(TaskContext& context) override {
    Node::init(context);
    others_.open(context.store(settings_.other_store));
  }

  void rolled_back() override { highest_ = Timestamp::unknown(); }

  void process(const Record<K, V>& record) override {
    if (absent(record.key_or_null()) || absent(record.value_or_null())) {
      this->context().drop(*this, "it has no key or no value, so nothing can be joined with it");
      return;
    }
    highest_ = std::max(highest_, record.timestamp());
    key_.clear();
    key_serde_.serialize(record.key(), key_);
    for (auto it = matches(JoinSide::left, record.timestamp()); it->valid(); it->next()) {
      value_serde_.deserialize(it->value(), other_);
      emit(record, record.value_or_null(), &other_, it->start());
    }
    // A record that its store would have lost already does not meet itself.
    bool meets_itself = record.timestamp() > highest_ - settings_.reach.retention() + tick;
    for (auto it = matches(JoinSide::right, record.timestamp()); it->valid(); it->next()) {
      if (meets_itself && it->start() > record.timestamp()) {
        meets_itself = false;
        emit(record, record.value_or_null(), record.value_or_null(), record.timestamp());
      }
      value_serde_.deserialize(it->value(), other_);
      emit(record, &other_, record.value_or_null(), it->start());
    }
    if (meets_itself) {
      emit(record, record.value_or_null(), record.value_or_null(), record.timestamp());
    }
  }

 private:
  static constexpr std::chrono::milliseconds tick{1};

  [[nodiscard]] std::unique_ptr<state::WindowIterator> matches(JoinSide side, Timestamp at) {
    return others_.fetch(key_, settings_.reach.around(side, at), state::Direction::forward);
  }

  void emit(const Record<K, V>& record, const V* left, const V* right, Timestamp other) {
    const auto& result = call_joiner<kind, K, V, V>(joiner_, record.key_or_null(), left, right);
    this->forward(Record<K, Out>{record.key_or_null(), pointer_to(result),
                                 std::max(record.timestamp(), other), record.headers()});
  }

  F joiner_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  StreamJoinSettings settings_;
  state::WindowRows others_;
  Timestamp highest_ = Timestamp::unknown();
  ByteBuffer key_;
  V other_{};
};

}  // namespace moldau::inline v0::processor
