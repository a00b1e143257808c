#include "moldau/dsl/handles.h"

#include "dsl/store_specs.h"
#include "topology/graph.h"
#include "topology/reference_order.h"

#include <algorithm>
#include <variant>

namespace moldau::inline v0::dsl {

namespace {

constexpr std::string_view repartition_suffix = "-repartition";

}  // namespace

StreamHandle::StreamHandle(std::shared_ptr<topology::Graph> graph, topology::GraphNodeId node,
                           bool rekeyed, Sources sources)
    : graph_(std::move(graph)), node_(node), rekeyed_(rekeyed), sources_(std::move(sources)) {}

const std::string& StreamHandle::name() const { return (*graph_)[node_].name; }

StreamHandle StreamHandle::from_topics(std::shared_ptr<topology::Graph> graph,
                                       std::vector<std::string> topics, SourceParts source) {
  std::string name = graph->names().next_or(source.name, "KSTREAM-SOURCE-");
  const topology::GraphNodeId node = graph->add(
      {.name = std::move(name),
       .operation = topology::StreamSource{.topics = topology::copied_hash_set_order(topics),
                                           .reset = source.reset,
                                           .types = source.types,
                                           .factory = std::move(source.factory)}},
      topology::Graph::root());
  return {std::move(graph), node, false, {node}};
}

StreamHandle StreamHandle::add(const Operator& op, const Named& named, FactoryPtr factory) const {
  std::string name = graph_->names().next_or(named.name, op.prefix);
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::Processor{std::move(factory)},
                   .changes_key = op.changes_key,
                   .changes_value = op.changes_value},
                  node_);
  return {graph_, node, rekeyed_ || op.changes_key, sources_};
}

StreamHandle StreamHandle::merge(const StreamHandle& other, const Named& named,
                                 FactoryPtr factory) const {
  if (graph_ != other.graph_) {
    throw TopologyError("merge() of streams that belong to different StreamsBuilders");
  }
  std::string name = graph_->names().next_or(named.name, "KSTREAM-MERGE-");
  const topology::GraphNodeId parents[] = {node_, other.node_};
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::Processor{std::move(factory)},
                   .merges_streams = true},
                  parents);
  Sources sources = sources_;
  for (const topology::GraphNodeId source : other.sources_) {
    if (std::ranges::count(sources, source) == 0) sources.push_back(source);
  }
  return {graph_, node, rekeyed_ || other.rekeyed_, std::move(sources)};
}

// The nodes have generated names if the prefix itself was generated for a stream operator; the
// numbers are used up in any case.
topology::GraphNodeId StreamHandle::add_repartition(
    const std::string& prefix, bool named, std::optional<std::int32_t> partitions,
    std::shared_ptr<const processor::RepartitionParts> parts) const {
  std::string topic = prefix;
  if (!topic.ends_with(repartition_suffix)) topic += repartition_suffix;
  std::string sink = graph_->names().next("KSTREAM-SINK-");
  std::string filter = graph_->names().next("KSTREAM-FILTER-");
  std::string source = graph_->names().next("KSTREAM-SOURCE-");
  if (!topology::is_generated_stream_name(prefix)) {
    sink = topic + "-sink";
    filter = topic + "-filter";
    source = topic + "-source";
  }
  return graph_->add({.name = std::move(source),
                      .operation = topology::Repartition{.topic = std::move(topic),
                                                         .partitions = partitions,
                                                         .filter_name = std::move(filter),
                                                         .sink_name = std::move(sink),
                                                         .parts = std::move(parts),
                                                         .explicitly_named = named}},
                     node_);
}

StreamHandle StreamHandle::repartition(
    std::string_view name, std::optional<std::int32_t> partitions,
    std::shared_ptr<const processor::RepartitionParts> parts) const {
  const std::string prefix =
      name.empty() ? graph_->names().next("KSTREAM-REPARTITION-") : std::string{name};
  const topology::GraphNodeId node =
      add_repartition(prefix, !name.empty(), partitions, std::move(parts));
  std::get<topology::Repartition>((*graph_)[node].operation).asked_for = true;
  return {graph_, node, false, {node}};
}

void StreamHandle::to(std::optional<std::string> topic, std::string_view name,
                      processor::BoundaryTypes types, FactoryPtr factory) const {
  std::string sink = graph_->names().next_or(name, "KSTREAM-SINK-");
  graph_->add({.name = std::move(sink),
               .operation =
                   topology::Sink{
                       .topic = std::move(topic), .types = types, .factory = std::move(factory)}},
              node_);
}

TableHandle StreamHandle::to_table(
    const StoreOptions& store, const Named& named, TableParts table,
    std::shared_ptr<const processor::RepartitionParts> repartition) const {
  constexpr std::string_view prefix = "KSTREAM-TOTABLE-";
  std::string name = graph_->names().next_or(named.name, prefix);
  state::StoreSpec spec = make_table_spec(store, graph_->names(), prefix);
  topology::GraphNodeId parent = node_;
  Sources sources = sources_;
  if (rekeyed_) {
    parent = add_repartition(name, !named.name.empty(), std::nullopt, std::move(repartition));
    sources = {parent};
  }
  const bool materialized = asks_for_store(spec);
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::TableProcessor{},
                   .table = topology::Table{.origin = topology::TableOrigin::topic,
                                            .store = std::move(spec),
                                            .materialized = materialized,
                                            .types = table.types,
                                            .factory = std::move(table.factory)}},
                  parent);
  return {graph_, node, std::move(sources)};
}

GroupedHandle StreamHandle::group(
    std::string_view name, std::shared_ptr<const processor::RepartitionParts> repartition) const {
  return {*this, std::string{name}, graph_->add_grouping(), std::move(repartition)};
}

StreamHandle StreamHandle::split(const Named& named) const {
  return add({.prefix = "KSTREAM-BRANCH-"}, named, nullptr);
}

StreamHandle StreamHandle::add_branch(std::string_view name, std::size_t number,
                                      FactoryPtr head) const {
  std::string branch = this->name();
  branch += name.empty() ? std::to_string(number) : std::string{name};
  // The number that a generated name would have had is used up.
  static_cast<void>(graph_->names().next(branch));
  const topology::GraphNodeId node = graph_->add(
      {.name = std::move(branch), .operation = topology::Processor{std::move(head)}}, node_);
  return {graph_, node, rekeyed_, sources_};
}

void StreamHandle::replace_factory(FactoryPtr factory) const {
  (*graph_)[node_].operation = topology::Processor{std::move(factory)};
}

}  // namespace moldau::inline v0::dsl
