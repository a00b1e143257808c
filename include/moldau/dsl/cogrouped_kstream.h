#pragma once

#include "moldau/dsl/cogroup_handle.h"
#include "moldau/dsl/kgrouped_stream.h"
#include "moldau/dsl/make_table.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/cogroup_fold.h"
#include "moldau/processor/nodes/aggregate.h"
#include "moldau/processor/nodes/cogroup_merge.h"
#include "moldau/processor/nodes/session_aggregate.h"
#include "moldau/processor/nodes/sliding_aggregate.h"
#include "moldau/processor/nodes/window_aggregate.h"
#include "moldau/processor/row_readers.h"
#include "moldau/processor/session_fold.h"
#include "moldau/serde/windowed.h"

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

namespace dsl {

// One input of a cogroup whose values have lost their type.
template <class K, class Agg>
class CogroupInputOf {
 public:
  // What all inputs have in common once the aggregation is asked for.
  struct Shared {
    std::function<void(Agg& total)> start;
    std::function<bool(const K& key, Agg& total, const Agg& other)> merge;
    AnySerde<K> key_serde;
    AnySerde<Agg> value_serde;
    WindowPlan windows = {};
    processor::WindowTimes times = {};
  };
  virtual ~CogroupInputOf() = default;
  [[nodiscard]] virtual TableFactoryPtr plain(const Shared& shared) const = 0;
  [[nodiscard]] virtual TableFactoryPtr fixed(const Shared& shared) const = 0;
  [[nodiscard]] virtual TableFactoryPtr sliding(const Shared& shared) const = 0;
  [[nodiscard]] virtual TableFactoryPtr sessions(const Shared& shared) const = 0;
};

template <class K, class V, class Agg>
class TypedCogroupInput final : public CogroupInputOf<K, Agg> {
  using Shared = typename CogroupInputOf<K, Agg>::Shared;
  using Fold = processor::CogroupFold<K, V, Agg>;

 public:
  explicit TypedCogroupInput(typename Fold::Next next) : next_(std::move(next)) {}

  TableFactoryPtr plain(const Shared& shared) const override {
    return processor::make_table_factory<processor::AggregateNode<K, V, Fold>>(
        {fold(shared), shared.key_serde, shared.value_serde});
  }
  TableFactoryPtr fixed(const Shared& shared) const override {
    return over_windows<processor::WindowAggregateNode<K, V, Fold>>(shared);
  }
  TableFactoryPtr sliding(const Shared& shared) const override {
    return over_windows<processor::SlidingAggregateNode<K, V, Fold>>(shared);
  }
  TableFactoryPtr sessions(const Shared& shared) const override {
    return processor::make_table_factory<processor::SessionAggregateNode<K, V, Fold>>(
        {fold(shared), shared.times, shared.windows.gap, false, shared.key_serde,
         shared.value_serde});
  }

 private:
  [[nodiscard]] Fold fold(const Shared& shared) const {
    return {shared.start, next_, shared.merge};
  }

  template <class Node>
  [[nodiscard]] TableFactoryPtr over_windows(const Shared& shared) const {
    return processor::make_table_factory<Node>({fold(shared), shared.times, shared.windows.assigner,
                                                false, shared.key_serde, shared.value_serde});
  }

  typename Fold::Next next_;
};

// The inputs of a cogroup, in their order, and the ways to make one table of them.
template <class K, class Agg>
class CogroupInputs {
 public:
  using Input = CogroupInputOf<K, Agg>;
  using Shared = typename Input::Shared;
  using Make = TableFactoryPtr (Input::*)(const Shared&) const;

  explicit CogroupInputs(AnySerde<K> key_serde) : key_serde_(std::move(key_serde)) {}

  template <class V, class F>
  void add(const GroupedHandle& grouped, F aggregator) {
    const std::size_t place = handle_.add(grouped);
    if (place == inputs_.size()) inputs_.emplace_back();
    inputs_[place] = std::make_shared<TypedCogroupInput<K, V, Agg>>(
        [aggregator = std::move(aggregator)](const Record<K, V>& record, Agg& total) mutable {
          return processor::fold_with(aggregator, record, total);
        });
  }

  // `make` makes the node of an input, Reader reads the rows of the table.
  template <class Reader, class I>
  TableHandle aggregate(I initializer, Make make, Materialized<K, Agg>& materialized,
                        const Named& named, const WindowPlan* windows,
                        std::function<bool(const K&, Agg&, const Agg&)> merge = nullptr) const {
    materialized.key_serde = serde_or(materialized.key_serde, key_serde_);
    Shared shared{.start = [initializer = std::move(initializer)](
                               Agg& total) mutable { total = initializer(); },
                  .merge = std::move(merge),
                  .key_serde = materialized.key_serde,
                  .value_serde = materialized.value_serde};
    if (windows != nullptr) {
      shared.windows = *windows;
      shared.times = windows->times_kept(materialized.retention);
    }
    std::vector<TableFactoryPtr> nodes;
    for (const std::shared_ptr<const Input>& input : inputs_) {
      nodes.push_back(((*input).*make)(shared));
    }
    return handle_.aggregate(named, StoreOptions{materialized}, std::move(nodes),
                             table_parts<processor::CogroupMergeNode<Reader>>(
                                 {materialized.key_serde, materialized.value_serde}),
                             windows);
  }

 private:
  CogroupHandle handle_;
  AnySerde<K> key_serde_;
  std::vector<std::shared_ptr<const Input>> inputs_;  // shared by copies of the stream; immutable
};

template <class I, class Agg>
concept InitializerOf = std::convertible_to<decltype(std::declval<I&>()()), Agg>;

}  // namespace dsl

template <class K, class Agg>
class TimeWindowedCogroupedKStream;
template <class K, class Agg>
class SessionWindowedCogroupedKStream;

// Several grouped streams, of values of any types, that are folded into one total for each key:
// made by KGroupedStream::cogroup(). One store and one table instead of an aggregation for each
// stream and joins of the results.
//
// As in KGroupedStream, records without a key or a value are dropped and counted. All streams must
// be partitioned alike; those whose keys have changed are repartitioned.
template <class K, class Agg>
class CogroupedKStream {
 public:
  // Adds a stream, whose values make a total `aggregator(total, value)` or `aggregator(total, key,
  // value)`. A grouped stream can be one input only: added again, it gets the new aggregator.
  template <class V, class F>
  [[nodiscard]] CogroupedKStream cogroup(const KGroupedStream<K, V>& grouped, F aggregator) const {
    static_assert(Aggregator<F, K, V, Agg>,
                  "cogroup() takes an aggregator Agg(Agg, const V&) or Agg(Agg, const K&, const "
                  "V&)");
    CogroupedKStream stream = *this;
    if constexpr (Aggregator<F, K, V, Agg>) {
      stream.inputs_.template add<V>(grouped.handle_, std::move(aggregator));
    }
    return stream;
  }

  // The totals, which start as `initializer()`.
  template <class I>
  KTable<K, Agg> aggregate(I initializer, Materialized<K, Agg> materialized = {},
                           Named named = {}) const {
    static_assert(dsl::InitializerOf<I, Agg>,
                  "aggregate() of a cogroup takes an initializer Agg()");
    if constexpr (dsl::InitializerOf<I, Agg>) {
      using Reader = processor::KeyValueRowReader<K, Agg>;
      dsl::TableHandle table = inputs_.template aggregate<Reader>(
          std::move(initializer), &dsl::CogroupInputOf<K, Agg>::plain, materialized, named,
          nullptr);
      return dsl::MakeTable::from<K, Agg>(std::move(table), materialized.key_serde,
                                          materialized.value_serde);
    } else {
      dsl::after_failed_assertion();
    }
  }
  template <class I, std::same_as<Named> N>
  KTable<K, Agg> aggregate(I initializer, N named) const {
    return aggregate(std::move(initializer), Materialized<K, Agg>{}, std::move(named));
  }

  // The totals of each window by itself. Each input has its own idea of what is late.
  template <class W>
  auto windowed_by(const W& windows) const {
    static_assert(WindowsSpec<W>,
                  "windowed_by() takes TimeWindows, SlidingWindows, SessionWindows, "
                  "UnlimitedWindows, or windows of your own with windows_for(Timestamp), size() "
                  "and grace()");
    static_assert(std::copyable<K>, "windowed_by() needs keys that can be copied");
    if constexpr (std::same_as<W, SessionWindows>) {
      return SessionWindowedCogroupedKStream<K, Agg>{inputs_, dsl::plan_windows(windows)};
    } else if constexpr (WindowsSpec<W>) {
      return TimeWindowedCogroupedKStream<K, Agg>{inputs_, dsl::plan_windows(windows)};
    } else {
      return *this;
    }
  }

 private:
  template <class, class>
  friend class KGroupedStream;

  explicit CogroupedKStream(AnySerde<K> key_serde) : inputs_(std::move(key_serde)) {}

  dsl::CogroupInputs<K, Agg> inputs_;
};

// A cogroup over time windows, sliding windows, an unlimited window or windows of the user's own:
// as WindowedKStream.
template <class K, class Agg>
class TimeWindowedCogroupedKStream {
 public:
  // The totals of each key and window, which start as `initializer()`.
  template <class I>
  KTable<Windowed<K>, Agg> aggregate(I initializer, Materialized<K, Agg> materialized = {},
                                     Named named = {}) const {
    static_assert(dsl::InitializerOf<I, Agg>,
                  "aggregate() of a cogroup takes an initializer Agg()");
    if constexpr (dsl::InitializerOf<I, Agg>) {
      using Reader = processor::WindowRowReader<K, Agg>;
      using Input = dsl::CogroupInputOf<K, Agg>;
      dsl::TableHandle table = inputs_.template aggregate<Reader>(
          std::move(initializer), plan_.sliding() ? &Input::sliding : &Input::fixed, materialized,
          named, &plan_);
      return dsl::MakeTable::from<Windowed<K>, Agg>(
          std::move(table), time_windowed_serde<K>(plan_.times.length, materialized.key_serde),
          materialized.value_serde);
    } else {
      dsl::after_failed_assertion();
    }
  }
  template <class I, std::same_as<Named> N>
  KTable<Windowed<K>, Agg> aggregate(I initializer, N named) const {
    return aggregate(std::move(initializer), Materialized<K, Agg>{}, std::move(named));
  }

 private:
  template <class, class>
  friend class CogroupedKStream;

  TimeWindowedCogroupedKStream(dsl::CogroupInputs<K, Agg> inputs, dsl::WindowPlan plan)
      : inputs_(std::move(inputs)), plan_(std::move(plan)) {}

  dsl::CogroupInputs<K, Agg> inputs_;
  dsl::WindowPlan plan_;
};

// A cogroup over sessions: as SessionWindowedKStream.
template <class K, class Agg>
class SessionWindowedCogroupedKStream {
 public:
  // The totals of each key and session, which start as `initializer()`. `merger` as in
  // SessionWindowedKStream::aggregate().
  template <class I, class M>
  KTable<Windowed<K>, Agg> aggregate(I initializer, M merger,
                                     Materialized<K, Agg> materialized = {},
                                     Named named = {}) const {
    static_assert(dsl::InitializerOf<I, Agg>,
                  "aggregate() of a cogroup takes an initializer Agg()");
    static_assert(Merger<M, K, Agg>,
                  "aggregate() over sessions takes a merger Agg(Agg, const Agg&) or Agg(const K&, "
                  "Agg, const Agg&)");
    if constexpr (dsl::InitializerOf<I, Agg> && Merger<M, K, Agg>) {
      using Reader = processor::SessionRowReader<K, Agg>;
      dsl::TableHandle table = inputs_.template aggregate<Reader>(
          std::move(initializer), &dsl::CogroupInputOf<K, Agg>::sessions, materialized, named,
          &plan_, [merger = std::move(merger)](const K& key, Agg& total, const Agg& other) mutable {
            return processor::merge_with(merger, key, total, other);
          });
      return dsl::MakeTable::from<Windowed<K>, Agg>(
          std::move(table), session_windowed_serde<K>(materialized.key_serde),
          materialized.value_serde);
    } else {
      dsl::after_failed_assertion();
    }
  }
  template <class I, class M, std::same_as<Named> N>
  KTable<Windowed<K>, Agg> aggregate(I initializer, M merger, N named) const {
    return aggregate(std::move(initializer), std::move(merger), Materialized<K, Agg>{},
                     std::move(named));
  }

 private:
  template <class, class>
  friend class CogroupedKStream;

  SessionWindowedCogroupedKStream(dsl::CogroupInputs<K, Agg> inputs, dsl::WindowPlan plan)
      : inputs_(std::move(inputs)), plan_(std::move(plan)) {}

  dsl::CogroupInputs<K, Agg> inputs_;
  dsl::WindowPlan plan_;
};

}  // namespace moldau::inline v0
