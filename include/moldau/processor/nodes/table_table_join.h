#pragma once

#include "moldau/base/assert.h"
#include "moldau/processor/nodes/table_node.h"
#include "moldau/processor/row_of_join.h"

#include <algorithm>
#include <string>
#include <utility>

namespace moldau::inline v0::processor {

// One side of a join of two tables: a change of its own table meets the row of the same key in the
// other one. Emits changes of the result, for the TableJoinNode below.
template <JoinKind kind, bool own_is_left, class K, class Own, class Other, class R, class F>
class TableJoinSideNode final : public ProcessorNode<K, Change<Own>, K, Change<R>> {
 public:
  struct Definition {
    F joiner;
    TableSettings table = {};  // `parent` is the other table
  };

  explicit TableJoinSideNode(const Definition& definition)
      : joiner_(definition.joiner), settings_(definition.table) {}

  void init(TaskContext& context) override {
    Node::init(context);
    other_ = dynamic_cast<ReadableTable<K, Other>*>(&context.node(settings_.parent));
    MOLDAU_ASSERT(other_ != nullptr);
  }

  void process(const Record<K, Change<Own>>& record) override {
    const Change<Own>& change = record.value();
    if (!change.latest) {
      this->context().drop(*this, "it changes the past of a versioned table, not its latest row");
      return;
    }
    Timestamp time = record.timestamp();
    Timestamp other_time = time;
    const Other* other = nullptr;
    if (other_->read(record.key(), other_row_, other_time)) {
      other = &other_row_;
      time = std::max(time, other_time);
    } else if (!has_row(true, false) || (change.now == nullptr && change.before == nullptr)) {
      return;
    }
    const R* now = join(now_, record.key(), change.now, other);
    const R* before = nullptr;
    if (settings_.send_old_values) before = join(before_, record.key(), change.before, other);
    const Change<R> result{
        .now = now,
        .before = before,
        .latest = true,
        .before_is_start = change.before_is_start && !has_row(false, other != nullptr)};
    this->forward(Record<K, Change<R>>{&record.key(), &result, time, record.headers()});
  }

 private:
  static constexpr bool has_row(bool own, bool other) noexcept {
    return own_is_left ? has_joined_row(kind, own, other) : has_joined_row(kind, other, own);
  }

  const R* join(RowOfJoin<R>& row, const K& key, const Own* own, const Other* other) {
    if constexpr (own_is_left) {
      return row.template join<kind>(joiner_, key, own, other);
    } else {
      return row.template join<kind>(joiner_, key, other, own);
    }
  }

  F joiner_;
  TableSettings settings_;
  ReadableTable<K, Other>* other_ = nullptr;
  Other other_row_{};
  RowOfJoin<R> now_;
  RowOfJoin<R> before_;
};

// The result of a join of two tables: takes the changes of both sides. Its rows are kept if the
// program says so; otherwise they are joined again by who looks them up.
template <JoinKind kind, class K, class V1, class V2, class R, class F>
class TableJoinNode final : public TableNode<Change<R>, K, R> {
 public:
  struct Definition {
    F joiner;
    AnySerde<K> key_serde;
    AnySerde<R> value_serde;
    TableSettings table = {};  // `parent` is the left table, `other_parent` the right one
  };

  explicit TableJoinNode(const Definition& definition)
      : TableNode<Change<R>, K, R>(definition.table, definition.key_serde, definition.value_serde),
        joiner_(definition.joiner),
        right_name_(definition.table.other_parent) {}

  void init(TaskContext& context) override {
    TableNode<Change<R>, K, R>::init(context);
    left_ = dynamic_cast<ReadableTable<K, V1>*>(&context.node(this->parent()));
    right_ = dynamic_cast<ReadableTable<K, V2>*>(&context.node(right_name_));
    MOLDAU_ASSERT(left_ != nullptr && right_ != nullptr);
  }

  bool read(const K& key, R& value, Timestamp& time) override {
    if (this->keeps_rows()) return TableNode<Change<R>, K, R>::read(key, value, time);
    const bool has_left = left_->read(key, left_row_, time);
    if (!has_left && kind != JoinKind::outer) return false;
    Timestamp right_time = time;
    const bool has_right = right_->read(key, right_row_, right_time);
    R* joined = joined_.template join<kind>(joiner_, key, has_left ? &left_row_ : nullptr,
                                            has_right ? &right_row_ : nullptr);
    if (joined == nullptr) return false;
    std::swap(value, *joined);  // both keep their memory
    if (has_right) time = has_left ? std::max(time, right_time) : right_time;
    return true;
  }
  [[nodiscard]] bool can_be_read() const override {
    return this->keeps_rows() ||
           (left_ != nullptr && left_->can_be_read() && right_ != nullptr && right_->can_be_read());
  }

  void process(const Record<K, Change<R>>& record) override {
    const Change<R>& change = record.value();
    if (this->keeps_rows()) {
      this->turn_to(record.key());
      this->store_row(record, change.now, change.before, record.timestamp(),
                      change.before_is_start);
    } else {
      this->hand_on(record, change, record.timestamp());
    }
  }

 private:
  F joiner_;
  std::string right_name_;
  ReadableTable<K, V1>* left_ = nullptr;
  ReadableTable<K, V2>* right_ = nullptr;
  V1 left_row_{};
  V2 right_row_{};
  RowOfJoin<R> joined_;
};

}  // namespace moldau::inline v0::processor
