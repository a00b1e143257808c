#pragma once

#include "moldau/dsl/branched_kstream.h"
#include "moldau/dsl/global_ktable.h"
#include "moldau/dsl/handles.h"
#include "moldau/dsl/join_windows.h"
#include "moldau/dsl/joins.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/process_options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/joiners.h"
#include "moldau/processor/nodes/filter.h"
#include "moldau/processor/nodes/flat_map.h"
#include "moldau/processor/nodes/map.h"
#include "moldau/processor/nodes/pass_through.h"
#include "moldau/processor/nodes/peek.h"
#include "moldau/processor/nodes/process.h"
#include "moldau/processor/nodes/sink.h"
#include "moldau/processor/nodes/table_source.h"

#include <concepts>
#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0 {

namespace dsl {

// The joins below, in stream_joins.h.
struct Joins {
  template <processor::JoinKind kind, class K, class V1, class V2, class F>
  static auto streams(const KStream<K, V1>& left, const KStream<K, V2>& right, F joiner,
                      const JoinWindows& windows, StreamJoined<K, V1, V2> joined);
  template <processor::JoinKind kind, class K, class V, class VT, class F>
  static auto table(const KStream<K, V>& stream, const KTable<K, VT>& table, F joiner,
                    Joined<K, V, VT> joined);
  template <processor::JoinKind kind, class K, class V, class KG, class VG, class S, class F>
  static auto global_table(const KStream<K, V>& stream, const GlobalKTable<KG, VG>& table, S select,
                           F joiner, const Named& named);
};

}  // namespace dsl

// A stream of records: each is a fact of its own, whatever came before with the same key.
//
// A KStream is a place in a program that a StreamsBuilder collects, cheap to copy. Its operators
// add to the program and return the place behind them; nothing runs until the topology is built and
// started. Several operators on one KStream each get every record, in the order they were called.
// Not thread-safe, as the builder.
//
// Callables are copied into each task and called on its thread: what they capture by reference must
// outlive the application and bear several threads. A unary one sees the value, a binary one key
// and value. A parameter `const V&` promises that there is no null, and a null is then a processing
// error; `const V*` sees the null. An exception from a callable is a processing error too.
//
// Keys and values that are null, timestamps and headers pass through unless an operator says
// otherwise.
template <class K, class V>
class KStream {
 public:
  using key_type = K;
  using value_type = V;

  // Keeps the records for which `predicate` returns true.
  template <class F>
  KStream filter(F predicate, Named named = {}) const {
    static_assert(RecordPredicate<F, K, V>,
                  "filter() takes bool(const V&) or bool(const K&, const V&)");
    if constexpr (RecordPredicate<F, K, V>) {
      return add<processor::FilterNode<K, V, F>, K, V>(dsl::operators::filter, named,
                                                       {std::move(predicate), true});
    } else {
      return *this;
    }
  }

  // Keeps the records for which `predicate` returns false.
  template <class F>
  KStream filter_not(F predicate, Named named = {}) const {
    static_assert(RecordPredicate<F, K, V>,
                  "filter_not() takes bool(const V&) or bool(const K&, const V&)");
    if constexpr (RecordPredicate<F, K, V>) {
      return add<processor::FilterNode<K, V, F>, K, V>(dsl::operators::filter, named,
                                                       {std::move(predicate), false});
    } else {
      return *this;
    }
  }

  // Replaces each value by `mapper(value)` or `mapper(key, value)`. A mapper that returns
  // std::optional<R> makes a null of std::nullopt; the stream is a KStream<K, R> all the same.
  template <class F>
  auto map_values(F mapper, Named named = {}) const {
    static_assert(ValueMapper<F, K, V>, "map_values() takes R(const V&) or R(const K&, const V&)");
    if constexpr (ValueMapper<F, K, V>) {
      using V2 = processor::Emitted<processor::CallResult<F, K, V>>;
      return add<processor::MapValuesNode<K, V, V2, F>, K, V2>(dsl::operators::map_values, named,
                                                               {std::move(mapper)});
    } else {
      return *this;
    }
  }

  // Replaces each record by the KeyValue<K2, V2> or std::pair that `mapper` returns. Either part
  // may be a std::optional, whose std::nullopt is a null. The key may change: what needs records of
  // one key together repartitions first.
  template <class F>
  auto map(F mapper, Named named = {}) const {
    static_assert(RecordMapper<F, K, V>,
                  "map() takes KeyValue<K2, V2>(const V&) or KeyValue<K2, V2>(const K&, const V&)");
    if constexpr (RecordMapper<F, K, V>) {
      using Pair = processor::KeyValueOf<std::remove_cvref_t<processor::CallResult<F, K, V>>>;
      using K2 = typename Pair::Key;
      using V2 = typename Pair::Value;
      return add<processor::MapNode<K, V, K2, V2, F>, K2, V2>(dsl::operators::map, named,
                                                              {std::move(mapper)});
    } else {
      return *this;
    }
  }

  // Replaces each record by one for each element of the range that `mapper` returns, in its order.
  // An element may be a std::optional, as in map_values().
  template <class F>
  auto flat_map_values(F mapper, Named named = {}) const {
    static_assert(FlatValueMapper<F, K, V>,
                  "flat_map_values() takes a function of (const V&) or (const K&, const V&) that "
                  "returns a range of values");
    if constexpr (FlatValueMapper<F, K, V>) {
      using V2 = processor::Emitted<processor::ElementOf<processor::CallResult<F, K, V>>>;
      return add<processor::FlatMapValuesNode<K, V, V2, F>, K, V2>(dsl::operators::flat_map_values,
                                                                   named, {std::move(mapper)});
    } else {
      return *this;
    }
  }

  // As flat_map_values(), with a range of KeyValue<K2, V2> or std::pair. The key may change, as in
  // map().
  template <class F>
  auto flat_map(F mapper, Named named = {}) const {
    static_assert(
        FlatRecordMapper<F, K, V>,
        "flat_map() takes a function of (const V&) or (const K&, const V&) that returns a "
        "range of KeyValue<K2, V2>");
    if constexpr (FlatRecordMapper<F, K, V>) {
      using Pair = processor::KeyValueOf<processor::ElementOf<processor::CallResult<F, K, V>>>;
      using K2 = typename Pair::Key;
      using V2 = typename Pair::Value;
      return add<processor::FlatMapNode<K, V, K2, V2, F>, K2, V2>(dsl::operators::flat_map, named,
                                                                  {std::move(mapper)});
    } else {
      return *this;
    }
  }

  // Replaces each key by what `selector` returns; a std::optional may be empty, for a null key. The
  // key may change, as in map().
  template <class F>
  auto select_key(F selector, Named named = {}) const {
    static_assert(KeySelector<F, K, V>,
                  "select_key() takes K2(const V&) or K2(const K&, const V&)");
    if constexpr (KeySelector<F, K, V>) {
      using K2 = processor::Emitted<processor::CallResult<F, K, V>>;
      return add<processor::SelectKeyNode<K, V, K2, F>, K2, V>(dsl::operators::select_key, named,
                                                               {std::move(selector)});
    } else {
      return *this;
    }
  }

  // Calls `action` for each record before it goes on. For logs and metrics: whatever it does is
  // done again when a record is processed again.
  template <class F>
  KStream peek(F action, Named named = {}) const {
    static_assert(RecordAction<F, K, V>, "peek() takes void(const V&) or void(const K&, const V&)");
    if constexpr (RecordAction<F, K, V>) {
      return add<processor::PeekNode<K, V, F>, K, V>(dsl::operators::peek, named,
                                                     {std::move(action)});
    } else {
      return *this;
    }
  }

  // Calls `action` for each record, which ends here. See peek() about repetition.
  template <class F>
  void for_each(F action, Named named = {}) const {
    static_assert(RecordAction<F, K, V>,
                  "for_each() takes void(const V&) or void(const K&, const V&)");
    if constexpr (RecordAction<F, K, V>) {
      add<processor::PeekNode<K, V, F>, K, V>(dsl::operators::for_each, named, {std::move(action)});
    }
  }

  // Hands each record to a Processor, which forwards what it likes, when it likes. `supplier` makes
  // one for each task: `[] { return std::make_unique<P>(...); }`, or `[] { return P{...}; }`. The
  // first form is also called by build(), which refuses a supplier that gives nothing. The key may
  // change, as in map().
  template <class F>
  requires(!processor::ProcessorTypes<F>) auto process(F supplier,
                                                       const ProcessOptions& options = {}) const {
    static_assert(ProcessorSupplier<F>,
                  "process() takes a Processor, or a function that returns a new one at each call, "
                  "by value or as a std::unique_ptr");
    if constexpr (ProcessorSupplier<F>) {
      using P = processor::Supplied<F>;
      constexpr bool fits =
          std::same_as<typename P::key_in, K> && std::same_as<typename P::value_in, V>;
      static_assert(fits,
                    "process() takes a processor of this stream's keys and values: derive it from "
                    "Processor<K, V, KOut, VOut>");
      if constexpr (fits) {
        return add_processor<P, typename P::key_out, typename P::value_out>(
            dsl::operators::process, options, std::move(supplier));
      } else {
        return *this;
      }
    } else {
      return *this;
    }
  }
  // A Processor that is made by its default constructor.
  template <class P>
  auto process(const ProcessOptions& options = {}) const {
    return process(processor::DefaultSupplier<P>{}, options);
  }

  // As process(), with a FixedKeyProcessor: what it forwards keeps its key, so nothing is
  // repartitioned afterwards.
  template <class F>
  requires(!processor::FixedKeyProcessorTypes<F>) auto process_values(
      F supplier, const ProcessOptions& options = {}) const {
    static_assert(
        FixedKeyProcessorSupplier<F>,
        "process_values() takes a FixedKeyProcessor, or a function that returns a new one "
        "at each call, by value or as a std::unique_ptr");
    if constexpr (FixedKeyProcessorSupplier<F>) {
      using P = processor::Supplied<F>;
      constexpr bool fits =
          std::same_as<typename P::key_in, K> && std::same_as<typename P::value_in, V>;
      static_assert(fits,
                    "process_values() takes a processor of this stream's keys and values: derive "
                    "it from FixedKeyProcessor<K, V, VOut>");
      if constexpr (fits) {
        return add_processor<P, K, typename P::value_out>(dsl::operators::process_values, options,
                                                          std::move(supplier));
      } else {
        return *this;
      }
    } else {
      return *this;
    }
  }
  template <class P>
  auto process_values(const ProcessOptions& options = {}) const {
    return process_values(processor::DefaultSupplier<P>{}, options);
  }

  // Splits the stream: each record goes to the first branch that takes it. `named` also is the
  // prefix of the branches' names.
  BranchedKStream<K, V> split(Named named = {}) const {
    return BranchedKStream<K, V>{handle_.split(named), key_serde_, value_serde_};
  }

  // The records of both streams. Those of one stream stay in their order; the order between the two
  // is that in which the task takes them. The result uses this stream's serdes.
  KStream merge(const KStream& other, Named named = {}) const {
    return {handle_.merge(other.handle_, named,
                          processor::make_factory<processor::PassThroughNode<K, V>>({})),
            dsl::serde_or(key_serde_, other.key_serde_),
            dsl::serde_or(value_serde_, other.value_serde_)};
  }

  // Sends the stream through a topic of the library's, so that afterwards all records of one key
  // are in one task, or the work is spread over more partitions. Records with a null key are left
  // out, unless an operator below can use them. Operators that need it repartition by themselves:
  // call this to name the topic or to choose the number of partitions.
  KStream repartition(Repartitioned<K, V> repartitioned = {}) const {
    check_decodable();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = dsl::serde_or(repartitioned.key_serde, key_serde_);
      const AnySerde<V> value_serde = dsl::serde_or(repartitioned.value_serde, value_serde_);
      return {handle_.repartition(repartitioned.name, repartitioned.partitions,
                                  dsl::repartition_parts(key_serde, value_serde,
                                                         std::move(repartitioned.partitioner))),
              key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  // Writes the stream to a topic, which must exist.
  void to(std::string topic, Produced<K, V> produced = {}) const {
    add_sink(topic, processor::FixedTopic{topic}, std::move(produced));
  }

  // Writes each record to the topic that `topic_of` names: a function of (value), of (key, value),
  // or of (const Record<K, V>&, const RecordMetadata&). The topics must exist. A record whose topic
  // is another than the record's before it costs a look-up by name.
  template <class F>
  requires(!std::convertible_to<F, std::string>) void to(F topic_of,
                                                         Produced<K, V> produced = {}) const {
    static_assert(
        TopicSelector<F, K, V>,
        "to() takes the name of a topic, or a function of (const V&), (const K&, const V&) "
        "or (const Record<K, V>&, const RecordMetadata&) that returns one");
    if constexpr (TopicSelector<F, K, V>) {
      add_sink(std::nullopt, std::move(topic_of), std::move(produced));
    }
  }

  // The stream as a table: a record is the new row of its key. A record without a key is dropped
  // and counted, one without a value deletes the row.
  KTable<K, V> to_table(Materialized<K, V> materialized = {}, Named named = {}) const {
    check_decodable();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = dsl::serde_or(materialized.key_serde, key_serde_);
      const AnySerde<V> value_serde = dsl::serde_or(materialized.value_serde, value_serde_);
      return KTable<K, V>{handle_.to_table(dsl::StoreOptions{materialized}, named,
                                           dsl::table_parts<processor::TableSourceNode<K, V>>(
                                               {key_serde, value_serde}),
                                           dsl::repartition_parts(key_serde, value_serde)),
                          key_serde, value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  // Brings the records of one key together, for aggregations.
  KGroupedStream<K, V> group_by_key(Grouped<K, V> grouped = {}) const {
    check_decodable();
    if constexpr (dsl::Decodable<K, V>) {
      const AnySerde<K> key_serde = dsl::serde_or(grouped.key_serde, key_serde_);
      const AnySerde<V> value_serde = dsl::serde_or(grouped.value_serde, value_serde_);
      return KGroupedStream<K, V>{
          handle_.group(grouped.name, dsl::repartition_parts(key_serde, value_serde)), key_serde,
          value_serde};
    } else {
      dsl::after_failed_assertion();
    }
  }

  // Brings the records together for which `selector` returns the same key: select_key(), then
  // group_by_key(). Records whose new key is null are left out, without being counted.
  template <class F>
  auto group_by(F selector,
                Grouped<processor::Emitted<processor::CallResult<F, K, V>>, V> grouped = {}) const {
    static_assert(KeySelector<F, K, V>, "group_by() takes K2(const V&) or K2(const K&, const V&)");
    if constexpr (KeySelector<F, K, V>) {
      return select_key(std::move(selector), {.name = grouped.name})
          .group_by_key(std::move(grouped));
    } else {
      return group_by_key();
    }
  }

  // Joins records of both streams that have one key and lie within the windows: `joiner(left,
  // right)` or `joiner(key, left, right)` for each pair, this stream's value first, when the later
  // of the two is processed. The result has the higher of their times and that record's headers.
  // Streams whose keys have changed are repartitioned first. Records without a key or a value are
  // dropped.
  template <class V2, class F>
  auto join(const KStream<K, V2>& other, F joiner, const JoinWindows& windows,
            StreamJoined<K, V, V2> joined = {}) const {
    static_assert(Joiner<F, processor::JoinKind::inner, K, V, V2>,
                  "join() takes a joiner R(const V1&, const V2&) or "
                  "R(const K&, const V1&, const V2&)");
    return dsl::Joins::streams<processor::JoinKind::inner>(*this, other, std::move(joiner), windows,
                                                           std::move(joined));
  }

  // As join(), and a record of this stream that has found no match when its windows have closed is
  // joined with a null: take `const V2*`. That result comes as soon as time has moved on, with the
  // record's own time. One without a key has no match, and comes at once: take `const K*` to see
  // it.
  template <class V2, class F>
  auto left_join(const KStream<K, V2>& other, F joiner, const JoinWindows& windows,
                 StreamJoined<K, V, V2> joined = {}) const {
    static_assert(Joiner<F, processor::JoinKind::left, K, V, V2>,
                  "left_join() takes a joiner R(const V1&, const V2*) or "
                  "R(const K&, const V1&, const V2*)");
    return dsl::Joins::streams<processor::JoinKind::left>(*this, other, std::move(joiner), windows,
                                                          std::move(joined));
  }

  // As left_join(), for the records of both streams.
  template <class V2, class F>
  auto outer_join(const KStream<K, V2>& other, F joiner, const JoinWindows& windows,
                  StreamJoined<K, V, V2> joined = {}) const {
    static_assert(Joiner<F, processor::JoinKind::outer, K, V, V2>,
                  "outer_join() takes a joiner R(const V1*, const V2*) or "
                  "R(const K&, const V1*, const V2*)");
    return dsl::Joins::streams<processor::JoinKind::outer>(*this, other, std::move(joiner), windows,
                                                           std::move(joined));
  }

  // Joins each record with the table's row of its key: as the row is when the record is processed,
  // or, if the table is versioned, as it was at the record's time. Changes of the table lead to no
  // results. A stream whose keys have changed is repartitioned first. Records without a key, a
  // value or a row lead to nothing; without a key or a value they are counted as dropped.
  template <class VT, class F>
  auto join(const KTable<K, VT>& table, F joiner, Joined<K, V, VT> joined = {}) const {
    static_assert(Joiner<F, processor::JoinKind::inner, K, V, VT>,
                  "join() takes a joiner R(const V1&, const V2&) or "
                  "R(const K&, const V1&, const V2&)");
    return dsl::Joins::table<processor::JoinKind::inner>(*this, table, std::move(joiner),
                                                         std::move(joined));
  }

  // As join(), and a record without a row, or without a key, is joined with a null: take
  // `const VT*`.
  template <class VT, class F>
  auto left_join(const KTable<K, VT>& table, F joiner, Joined<K, V, VT> joined = {}) const {
    static_assert(Joiner<F, processor::JoinKind::left, K, V, VT>,
                  "left_join() takes a joiner R(const V1&, const V2*) or "
                  "R(const K&, const V1&, const V2*)");
    return dsl::Joins::table<processor::JoinKind::left>(*this, table, std::move(joiner),
                                                        std::move(joined));
  }

  // Joins each record with the row of a global table that `select` names: a function of (value) or
  // (key, value) that returns a key of the table, or a std::optional of one. The row is as it has
  // been loaded, whatever the record's time; changes of the table lead to no results. Keys stay,
  // and nothing is repartitioned. Records whose row does not exist lead to nothing; those without a
  // value, or for which `select` returns no key, are counted as dropped.
  template <class KG, class VG, class S, class F>
  auto join(const GlobalKTable<KG, VG>& table, S select, F joiner, Named named = {}) const {
    static_assert(GlobalKeySelector<S, K, V, KG>,
                  "join() with a global table takes KG(const V&) or KG(const K&, const V&), which "
                  "returns a key of the table");
    static_assert(Joiner<F, processor::JoinKind::inner, K, V, VG>,
                  "join() takes a joiner R(const V1&, const V2&) or "
                  "R(const K&, const V1&, const V2&)");
    return dsl::Joins::global_table<processor::JoinKind::inner>(*this, table, std::move(select),
                                                                std::move(joiner), named);
  }

  // As join(), and a record without a row, or for which `select` returns no key, is joined with a
  // null: take `const VG*`.
  template <class KG, class VG, class S, class F>
  auto left_join(const GlobalKTable<KG, VG>& table, S select, F joiner, Named named = {}) const {
    static_assert(GlobalKeySelector<S, K, V, KG>,
                  "left_join() with a global table takes KG(const V&) or KG(const K&, const V&), "
                  "which returns a key of the table");
    static_assert(Joiner<F, processor::JoinKind::left, K, V, VG>,
                  "left_join() takes a joiner R(const V1&, const V2*) or "
                  "R(const K&, const V1&, const V2*)");
    return dsl::Joins::global_table<processor::JoinKind::left>(*this, table, std::move(select),
                                                               std::move(joiner), named);
  }

 private:
  template <class, class>
  friend class KStream;
  template <class, class>
  friend class KTable;
  template <class, class>
  friend class BranchedKStream;
  friend class StreamsBuilder;
  friend struct dsl::Joins;

  KStream(dsl::StreamHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  template <class N, class K2, class V2>
  KStream<K2, V2> add(const dsl::Operator& op, const Named& named,
                      typename N::Definition definition) const {
    return {handle_.add(op, named, processor::make_factory<N>(std::move(definition))),
            dsl::same_serde<K2>(key_serde_), dsl::same_serde<V2>(value_serde_)};
  }

  template <class P, class K2, class V2, class F>
  KStream<K2, V2> add_processor(const dsl::Operator& op, const ProcessOptions& options,
                                F supplier) const {
    return {handle_.process(
                op, options,
                processor::make_factory<processor::ProcessNodeOf<P, F>>({std::move(supplier)})),
            dsl::same_serde<K2>(key_serde_), dsl::same_serde<V2>(value_serde_)};
  }

  template <class Topic>
  void add_sink(std::optional<std::string> topic, Topic choose, Produced<K, V> produced) const {
    const AnySerde<K> key_serde = dsl::serde_or(produced.key_serde, key_serde_);
    const AnySerde<V> value_serde = dsl::serde_or(produced.value_serde, value_serde_);
    handle_.to(
        std::move(topic), produced.name, processor::BoundaryTypes::of(key_serde, value_serde),
        processor::make_factory<processor::SinkNode<K, V, Topic>>(
            {std::move(choose), key_serde, value_serde, std::move(produced.partitioner), true}));
  }

  static void check_decodable() {
    static_assert(dsl::Decodable<K, V>,
                  "keys and values that are read back from a topic or a store must be "
                  "default-constructible");
  }

  dsl::StreamHandle handle_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0

#include "moldau/dsl/kgrouped_stream.h"  // results of the operators above
#include "moldau/dsl/ktable.h"
#include "moldau/dsl/stream_joins.h"
