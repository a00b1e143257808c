#pragma once

namespace moldau::inline v0 {

// Which rewrites a program may go through when it is built: `topology.optimization`. Each makes the
// topology smaller and changes names of topics and stores: an application with state turns one on
// or off only together with a reset. Default: none.
struct Optimization {
  // `reuse.ktable.source.topics`: the store of a table() has no changelog topic of its own and is
  // restored from the table's topic. The topic must keep the last record of every key
  // (`cleanup.policy=compact`), or rows are lost with the disk.
  bool reuse_table_source_topics = false;
  // `merge.repartition.topics`: what is grouped or joined below one change of the key is
  // repartitioned once, right after that change.
  bool merge_repartition_topics = false;
  // `single.store.self.join`: a stream joined with itself is kept in one store instead of two.
  bool single_store_self_join = false;

  [[nodiscard]] static constexpr Optimization all() noexcept { return {true, true, true}; }

  friend bool operator==(const Optimization&, const Optimization&) = default;
};

// What StreamsBuilder::build() is told about the program. In an application it comes from the
// configuration: `builder.build(config.topology)`.
struct TopologyConfig {
  Optimization optimization = {};

  // `ensure.explicit.internal.resource.naming`: a store or an internal topic whose name is
  // generated makes build() throw. Default: false. Turn it on for an application that keeps its
  // state across releases: generated names change when operators are added or removed.
  bool ensure_explicit_internal_resource_naming = false;

  // `__enable.process.processValue.fix__`: process() and process_values() count as operators that
  // change keys and values when repartition topics are merged. Default: false, as in the reference,
  // where a repartition topic may move to before such an operator; turn it on if one of yours
  // changes keys, or the type of values, between a change of the key and an aggregation.
  bool process_process_value_fix = false;

  friend bool operator==(const TopologyConfig&, const TopologyConfig&) = default;
};

}  // namespace moldau::inline v0
