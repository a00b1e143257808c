#pragma once

#include "moldau/base/error.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/node.h"
#include "moldau/processor/readable_table.h"
#include "moldau/serde/serde.h"
#include "moldau/state/join_buffer.h"

#include <chrono>
#include <string>

namespace moldau::inline v0::processor {

// The rows of a table that another node of the task has, for a node that looks them up: as they are
// or, if the table has a history, as they were at a time.
template <class K, class V>
class TableLookup {
 public:
  // In the node's init(). Throws TopologyError if `table` is not a table of these types whose rows
  // can be looked up.
  void open(TaskContext& context, const Node& reader, const std::string& table) {
    Node& node = context.node(table);
    rows_ = dynamic_cast<ReadableTable<K, V>*>(&node);
    if (rows_ == nullptr || !rows_->can_be_read()) {
      throw TopologyError("\"" + reader.name() + "\" looks rows up in \"" + table +
                          "\", which is no table of these types that keeps its rows");
    }
    auto* history = dynamic_cast<VersionedTable<K, V>*>(&node);
    if (history != nullptr && history->has_history()) history_ = history;
  }

  [[nodiscard]] bool has_history() const noexcept { return history_ != nullptr; }

  // nullptr if there is no row. Valid until the next call.
  const V* find(const K& key, Timestamp at) {
    Timestamp since;
    const bool found = history_ != nullptr ? history_->read_at(key, at, row_, since)
                                           : rows_->read(key, row_, since);
    return found ? &row_ : nullptr;
  }

 private:
  ReadableTable<K, V>* rows_ = nullptr;
  VersionedTable<K, V>* history_ = nullptr;
  V row_{};
};

struct TableJoinSettings {
  std::string table;   // the table's node
  std::string buffer;  // the store of waiting records; empty: none waits
  std::chrono::milliseconds grace{0};
};

// join() and left_join() of a stream with a table. With a grace period records wait in a buffer.
template <JoinKind kind, class K, class V, class VT, class F>
class StreamTableJoinNode final
    : public ProcessorNode<K, V, K, Emitted<JoinResult<kind, F, K, V, VT>>>,
      private state::JoinBuffer::Receiver {
  using Out = Emitted<JoinResult<kind, F, K, V, VT>>;

 public:
  struct Definition {
    F joiner;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TableJoinSettings settings = {};
  };

  explicit StreamTableJoinNode(const Definition& definition)
      : joiner_(definition.joiner),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        settings_(definition.settings) {}

  void init(TaskContext& context) override {
    Node::init(context);
    table_.open(context, *this, settings_.table);
    if (waits()) buffer_.open(context.store(settings_.buffer), settings_.grace);
  }

  void rolled_back() override {
    if (waits()) buffer_.reload();
  }

  void process(const Record<K, V>& record) override {
    const bool no_key = absent(record.key_or_null());
    if (absent(record.value_or_null()) || (no_key && kind == JoinKind::inner)) {
      this->context().drop(*this, kind == JoinKind::inner
                                      ? "it has no key or no value, so it cannot be joined"
                                      : "it has no value, so it cannot be joined");
      return;
    }
    // A record without a key has no row to wait for.
    if (!waits() || no_key || !keep(record)) {
      join(record);
    } else {
      buffer_.release(*this);
    }
  }

 private:
  [[nodiscard]] bool waits() const noexcept { return !settings_.buffer.empty(); }

  // False if the record comes too late to wait.
  bool keep(const Record<K, V>& record) {
    key_.clear();
    key_serde_.serialize(record.key(), key_);
    value_.clear();
    value_serde_.serialize(record.value(), value_);
    return buffer_.put(key_, value_,
                       {record.timestamp(), &record.headers(), this->context().metadata()});
  }

  void released(Bytes key, Bytes value, const RecordContext& cause) override {
    key_serde_.deserialize(key, waited_key_);
    value_serde_.deserialize(value, waited_value_);
    TaskContext& context = this->context();
    const RecordMetadata interrupted = context.metadata();
    context.flushing(cause.metadata);
    join(Record<K, V>{&waited_key_, &waited_value_, cause.timestamp, *cause.headers});
    context.flushing(interrupted);
  }

  void join(const Record<K, V>& record) {
    const K* key = record.key_or_null();
    const VT* row = absent(key) ? nullptr : table_.find(*key, record.timestamp());
    if (row == nullptr && kind == JoinKind::inner) return;
    const auto& result = call_joiner<kind, K, V, VT>(joiner_, key, record.value_or_null(), row);
    this->forward(record.with_value_or_null(pointer_to(result)));
  }

  F joiner_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  TableJoinSettings settings_;
  TableLookup<K, VT> table_;
  state::JoinBuffer buffer_;
  ByteBuffer key_;
  ByteBuffer value_;
  K waited_key_{};
  V waited_value_{};
};

}  // namespace moldau::inline v0::processor
