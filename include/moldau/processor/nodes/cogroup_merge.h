#pragma once

#include "moldau/processor/node.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/readable_table.h"
#include "moldau/record/change.h"
#include "moldau/serde/serde.h"

namespace moldau::inline v0::processor {

// Where the inputs of a cogroup come together: each changes the table's rows by itself, and this
// hands the changes on. Stands for the table: what looks up its rows asks here.
template <class Reader>
class CogroupMergeNode final
    : public ProcessorNode<typename Reader::Key, Change<typename Reader::Value>>,
      public ReadableTable<typename Reader::Key, typename Reader::Value>,
      public VersionedTable<typename Reader::Key, typename Reader::Value> {
  using Key = typename Reader::Key;
  using Value = typename Reader::Value;

 public:
  struct Definition {
    AnySerde<typename Reader::StoreKey> key_serde;
    AnySerde<Value> value_serde;
    TableSettings table = {};
  };

  explicit CogroupMergeNode(const Definition& definition)
      : table_(definition.table), reader_(definition.key_serde, definition.value_serde) {}

  void init(TaskContext& context) override {
    Node::init(context);
    reader_.open(context, table_);
  }

  void process(const Record<Key, Change<Value>>& record) override { this->forward(record); }

  bool read(const Key& key, Value& value, Timestamp& time) override {
    return reader_.read(key, value, time);
  }
  [[nodiscard]] bool can_be_read() const override { return true; }

  bool read_at(const Key& key, Timestamp at, Value& value, Timestamp& time) override {
    if constexpr (requires { reader_.read_at(key, at, value, time); }) {
      return reader_.read_at(key, at, value, time);
    } else {
      return false;
    }
  }
  [[nodiscard]] bool has_history() const override {
    if constexpr (requires { reader_.has_history(); }) {
      return reader_.has_history();
    } else {
      return false;
    }
  }

 private:
  TableSettings table_;
  Reader reader_;
};

}  // namespace moldau::inline v0::processor
