#include "moldau/topology/topology_builder.h"

#include "moldau/base/error.h"

#include "topology/missing_serdes.h"

namespace moldau::inline v0 {

namespace {

const state::StoreSpec& described(const UsedStore& store) {
  if (store.spec()) return *store.spec();
  throw TopologyError("store \"" + store.name() +
                      "\" is added by its name alone: describe it, for example by "
                      "persistent_key_value_store<K, V>(\"" +
                      store.name() + "\")");
}

}  // namespace

TopologyBuilder::TopologyBuilder() = default;
TopologyBuilder::~TopologyBuilder() = default;

void TopologyBuilder::add_source_node(std::string name, Names topics,
                                      topology::AutoOffsetReset reset,
                                      const processor::BoundaryTypes& types, FactoryPtr factory) {
  topology::check_serdes(name, types);
  plan_.add_source(std::move(name), std::move(topics), reset, std::move(factory));
}

void TopologyBuilder::add_pattern_source_node(std::string name, TopicPattern pattern,
                                              topology::AutoOffsetReset reset,
                                              const processor::BoundaryTypes& types,
                                              FactoryPtr factory) {
  topology::check_serdes(name, types);
  plan_.add_pattern_source(std::move(name), std::move(pattern.expression), reset,
                           std::move(factory));
}

void TopologyBuilder::add_processor_node(std::string name, FactoryPtr factory, Names parents,
                                         std::vector<UsedStore> stores) {
  topology::PlanBuilder plan = plan_;
  plan.add_processor(name, std::move(parents), std::move(factory));
  for (const UsedStore& store : stores) {
    if (store.spec()) plan.add_state_store(*store.spec(), store.serdes());
    plan.connect_store(name, store.name());
  }
  plan_ = std::move(plan);
}

void TopologyBuilder::add_sink_node(std::string name, std::optional<std::string> topic,
                                    Names parents, const processor::BoundaryTypes& types,
                                    FactoryPtr factory) {
  topology::check_serdes(name, types);
  plan_.add_sink(std::move(name), std::move(topic), std::move(parents), std::move(factory));
}

TopologyBuilder& TopologyBuilder::add_state_store(const UsedStore& store, const Names& processors) {
  topology::PlanBuilder plan = plan_;
  plan.add_state_store(described(store), store.serdes());
  for (const std::string& processor : processors) plan.connect_store(processor, store.name());
  plan_ = std::move(plan);
  return *this;
}

TopologyBuilder& TopologyBuilder::connect_processor_and_state_stores(std::string_view processor,
                                                                     const Names& stores) {
  if (stores.empty()) {
    throw TopologyError("no store is named that \"" + std::string{processor} +
                        "\" is to be connected to");
  }
  topology::PlanBuilder plan = plan_;
  for (const std::string& store : stores) plan.connect_store(processor, store);
  plan_ = std::move(plan);
  return *this;
}

void TopologyBuilder::add_global_store_nodes(const UsedStore& store,
                                             const processor::BoundaryTypes& types,
                                             topology::PlanBuilder::GlobalStore parts) {
  topology::check_serdes(parts.source_name, types);
  parts.store = described(store);
  parts.serdes = store.serdes();
  plan_.add_global_store(std::move(parts));
}

void TopologyBuilder::add_read_only_store_nodes(const UsedStore& store,
                                                const processor::BoundaryTypes& types,
                                                topology::PlanBuilder::GlobalStore parts) {
  topology::check_serdes(parts.source_name, types);
  state::StoreSpec spec = described(store);
  spec.logging = false;
  topology::PlanBuilder plan = plan_;
  plan.add_source(parts.source_name, {parts.topic}, topology::AutoOffsetReset::earliest,
                  std::move(parts.source));
  plan.add_processor(parts.processor_name, {std::move(parts.source_name)},
                     std::move(parts.processor));
  plan.add_state_store(spec, store.serdes());
  plan.connect_store(parts.processor_name, spec.name);
  plan.use_as_changelog(spec.name, std::move(parts.topic));
  plan_ = std::move(plan);
}

Topology TopologyBuilder::build() const { return plan_.build(); }

}  // namespace moldau::inline v0
