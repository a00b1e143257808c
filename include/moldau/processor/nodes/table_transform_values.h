#pragma once

#include "moldau/processor/nodes/derived_table_node.h"
#include "moldau/processor/nodes/process.h"
#include "moldau/processor/value_transformer.h"

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace moldau::inline v0 {

namespace processor {

// transform_values() of a table. The transformer is called for deleted rows too.
template <class P, class F, class K, class V, class V2>
class TableTransformValuesNode final : public DerivedTableNode<V, K, V2> {
  using Base = DerivedTableNode<V, K, V2>;

 public:
  struct Definition {
    F supplier;
    AnySerde<K> key_serde;
    AnySerde<V2> value_serde;
    TableSettings table = {};
  };

  explicit TableTransformValuesNode(const Definition& definition)
      : Base(definition.table, definition.key_serde, definition.value_serde),
        supplier_(definition.supplier) {}

  void check() const override { check_supply<P>(supplier_, *this); }

  void init(TaskContext& task) override {
    Base::init(task);
    context_.attach(*this, task);
    changes_ = make_transformer();
  }

  void process(const Record<K, Change<V>>& record) override {
    const Change<V>& change = record.value();
    const std::optional<V2> now = transform(*changes_, record.with_value_or_null(change.now));
    if (this->keeps_rows()) {
      this->replace_row(record, pointer_to(now));
    } else if (this->send_old_values()) {
      const std::optional<V2> before =
          transform(*changes_, record.with_value_or_null(change.before));
      this->pass_on(record, pointer_to(now), pointer_to(before));
    } else {
      this->pass_on(record, pointer_to(now), nullptr);
    }
  }

  void close() override {
    if (changes_ != nullptr) changes_->close();
    if (lookups_ != nullptr) lookups_->close();
  }

 private:
  std::unique_ptr<P> make_transformer() {
    std::unique_ptr<P> transformer = supply<P>(supplier_);
    if (transformer == nullptr) refuse_missing_processor(*this);
    transformer->attach(context_);
    transformer->init(context_);
    return transformer;
  }

  std::optional<V2> transform(P& transformer, const Record<K, V>& row) {
    const ProcessingContext::Processing processing{context_, row.timestamp(), row.headers()};
    return transformer.transform(FixedKeys::fix(row));
  }

  bool compute(const K& key, V* above, Timestamp time, V2& value) override {
    if (lookups_ == nullptr) lookups_ = make_transformer();
    // Nobody knows which record a row that is looked up came from.
    TaskContext& task = this->context();
    const RecordMetadata interrupted = task.metadata();
    task.flushing(RecordMetadata{});
    std::optional<V2> row = transform(*lookups_, {&key, above, time, no_headers()});
    task.flushing(interrupted);
    if (row) value = *std::move(row);
    return row.has_value();
  }

  F supplier_;
  ProcessingContext context_;
  std::unique_ptr<P> changes_;
  std::unique_ptr<P> lookups_;  // made when a row is looked up for the first time
};

// What the supplied transformer makes of rows; Unbound if F supplies none.
template <class F>
consteval auto find_transformed_row() {
  if constexpr (ValueTransformerTypes<Supplied<F>>) {
    return std::type_identity<typename Supplied<F>::value_out>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class F>
using TransformedRow = typename decltype(find_transformed_row<F>())::type;

}  // namespace processor

// transform_values(): a function of nothing that returns a new ValueTransformer each time it is
// called, by value or as a std::unique_ptr.
template <class F>
concept ValueTransformerSupplier = processor::ValueTransformerTypes<processor::Supplied<F>>;

}  // namespace moldau::inline v0
