#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/make_table.h"
#include "moldau/dsl/options.h"
#include "moldau/dsl/serdes.h"
#include "moldau/dsl/windows.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/aggregate.h"
#include "moldau/processor/nodes/session_aggregate.h"
#include "moldau/processor/nodes/sliding_aggregate.h"
#include "moldau/processor/nodes/window_aggregate.h"
#include "moldau/processor/session_fold.h"
#include "moldau/serde/windowed.h"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

namespace moldau::inline v0::dsl {

// The kinds of windows, as aggregations differ by them: the node, its folds, what it is told of the
// windows, and how their keys are written.
struct FixedWindows {
  template <class K, class V, class Fold>
  using Node = processor::WindowAggregateNode<K, V, Fold>;
  using Count = processor::CountFold;
  template <class V, class F>
  using Reduce = processor::ReduceFold<V, F>;

  [[nodiscard]] static std::shared_ptr<const processor::WindowAssigner> layout(
      const WindowPlan& plan) {
    return plan.assigner;
  }
  template <class K>
  [[nodiscard]] static AnySerde<Windowed<K>> key_serde(const WindowPlan& plan, AnySerde<K> inner) {
    return time_windowed_serde<K>(plan.times.length, std::move(inner));
  }
};
struct SlidingRows : FixedWindows {
  template <class K, class V, class Fold>
  using Node = processor::SlidingAggregateNode<K, V, Fold>;
};
struct Sessions {
  template <class K, class V, class Fold>
  using Node = processor::SessionAggregateNode<K, V, Fold>;
  using Count = processor::SessionCountFold;
  template <class V, class F>
  using Reduce = processor::SessionReduceFold<V, F>;

  [[nodiscard]] static std::chrono::milliseconds layout(const WindowPlan& plan) { return plan.gap; }
  template <class K>
  [[nodiscard]] static AnySerde<Windowed<K>> key_serde(const WindowPlan&, AnySerde<K> inner) {
    return session_windowed_serde<K>(std::move(inner));
  }
};

// Adds aggregations over the windows of a grouped stream to the program: what WindowedKStream and
// SessionWindowedKStream have in common.
template <class K, class V, class Kind>
class WindowedAggregation {
 public:
  WindowedAggregation(GroupedHandle handle, WindowPlan plan, AnySerde<K> key_serde,
                      AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        plan_(std::move(plan)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  void emit(EmitStrategy strategy) {
    plan_.final_results = strategy == EmitStrategy::on_window_close;
  }

  KTable<Windowed<K>, std::int64_t> count(const Named& named) const {
    return add(operators::aggregate, named, Materialized<K, std::int64_t>{},
               typename Kind::Count{});
  }
  KTable<Windowed<K>, std::int64_t> count(Materialized<K, std::int64_t> materialized,
                                          const Named& named) const {
    inherit(materialized.key_serde);
    return finish(handle_.count(named, StoreOptions{materialized},
                                parts(typename Kind::Count{}, materialized), plan_),
                  materialized);
  }

  template <class F>
  KTable<Windowed<K>, V> reduce(F reducer, Materialized<K, V> materialized,
                                const Named& named) const {
    static_assert(Aggregator<F, K, V, V>,
                  "reduce() takes V(V, const V&) or V(V, const K&, const V&)");
    if constexpr (Aggregator<F, K, V, V>) {
      materialized.value_serde = serde_or(materialized.value_serde, value_serde_);
      return add(operators::reduce, named, std::move(materialized),
                 typename Kind::template Reduce<V, F>{std::move(reducer)});
    } else {
      after_failed_assertion();
    }
  }

  template <class Fold, class Total>
  KTable<Windowed<K>, Total> add(const Operator& op, const Named& named,
                                 Materialized<K, Total> materialized, Fold fold) const {
    inherit(materialized.key_serde);
    return finish(handle_.aggregate(op, named, StoreOptions{materialized},
                                    parts(std::move(fold), materialized), plan_),
                  materialized);
  }

 private:
  void inherit(AnySerde<K>& key_serde) const { key_serde = serde_or(key_serde, key_serde_); }

  template <class Fold, class Total>
  TableParts parts(Fold fold, const Materialized<K, Total>& materialized) const {
    static_assert(std::default_initializable<Total>,
                  "the total of an aggregation must be default-constructible");
    return table_parts<typename Kind::template Node<K, V, Fold>>(
        {std::move(fold), plan_.times_kept(materialized.retention), Kind::layout(plan_),
         plan_.final_results, materialized.key_serde, materialized.value_serde});
  }

  template <class Total>
  KTable<Windowed<K>, Total> finish(TableHandle handle,
                                    const Materialized<K, Total>& materialized) const {
    return MakeTable::from<Windowed<K>, Total>(std::move(handle),
                                               Kind::key_serde(plan_, materialized.key_serde),
                                               materialized.value_serde);
  }

  GroupedHandle handle_;
  WindowPlan plan_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0::dsl
