#include "moldau/dsl/handles.h"

#include "topology/graph.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::dsl {

namespace {

using processor::JoinKind;

void check_builders(const std::shared_ptr<topology::Graph>& a,
                    const std::shared_ptr<topology::Graph>& b) {
  if (a != b) {
    throw TopologyError("join of a stream with one, or a table, of another StreamsBuilder");
  }
}

// What the stores of a stream-stream join are called, and what they are.
class JoinStores {
 public:
  JoinStores(const StreamJoinOptions& options, const processor::JoinReach& reach, JoinKind kind)
      : options_(options), reach_(reach), kind_(kind) {}

  // `generated` and `suffix` are those of the node that is named like the store.
  [[nodiscard]] state::StoreSpec window(const std::optional<JoinStore>& given,
                                        const std::string& generated,
                                        std::string_view suffix) const {
    state::StoreSpec store = base(given ? given->type : options_.type);
    store.name = (options_.store_name.empty() ? generated : with_suffix(suffix)) + "-store";
    if (given && !given->name.empty()) {
      store.name = given->name;
      store.explicitly_named = true;
    }
    store.kind = state::StoreKind::window;
    store.retention = reach_.retention();
    if (kind_ != JoinKind::inner) store.linger = reach_.linger();
    store.window_size = reach_.before + reach_.after;
    store.retain_duplicates = true;
    store.changelog_headers = true;
    // Entries are never overwritten: there is nothing to compact.
    store.changelog_config.insert_or_assign("cleanup.policy", "delete");
    topology::check_name("store", store.name);
    return store;
  }

  // `number` is that of the generated name of the left node.
  [[nodiscard]] state::StoreSpec unmatched(std::string_view number) const {
    const std::optional<JoinStore>& left = options_.this_store;
    const std::string_view suffix =
        kind_ == JoinKind::outer ? "-outer-shared-join-store" : "-left-shared-join-store";
    state::StoreSpec store = base(left ? left->type : options_.type);
    if (left && !left->name.empty()) {
      store.name = left->name + std::string{suffix};
      store.explicitly_named = true;
    } else if (!options_.store_name.empty()) {
      store.name = with_suffix(suffix);
    } else {
      store.name = "KSTREAM-OUTERSHARED-" + std::string{number} + "-store";
    }
    store.lists = true;
    topology::check_name("store", store.name);
    return store;
  }

 private:
  [[nodiscard]] std::string with_suffix(std::string_view suffix) const {
    return options_.store_name + std::string{suffix};
  }

  [[nodiscard]] state::StoreSpec base(StoreType type) const {
    return {.name = {},
            .type = type,
            .layout = state::ValueLayout::plain,
            .caching = false,
            .logging = options_.logging,
            .changelog_config = options_.changelog_config,
            .explicitly_named = !options_.store_name.empty()};
  }

  const StreamJoinOptions& options_;
  const processor::JoinReach& reach_;
  JoinKind kind_;
};

// The names of the nodes of a stream-stream join. Each uses up a number, whether it is needed or
// not.
struct JoinNames {
  JoinNames(topology::NameGenerator& names, JoinKind kind, std::string_view given)
      : left_suffix(kind == JoinKind::outer ? "-outer-this-join" : "-this-join"),
        right_suffix(kind == JoinKind::inner ? "-other-join" : "-outer-other-join"),
        left_window(names.next_or(given, "-this-windowed", "KSTREAM-WINDOWED-")),
        right_window(names.next_or(given, "-other-windowed", "KSTREAM-WINDOWED-")),
        left_generated(
            names.next(kind == JoinKind::outer ? "KSTREAM-OUTERTHIS-" : "KSTREAM-JOINTHIS-")),
        right_generated(
            names.next(kind == JoinKind::inner ? "KSTREAM-JOINOTHER-" : "KSTREAM-OUTEROTHER-")),
        left(given.empty() ? left_generated : std::string{given} + std::string{left_suffix}),
        right(given.empty() ? right_generated : std::string{given} + std::string{right_suffix}),
        merge(names.next_or(given, "-merge", "KSTREAM-MERGE-")) {}

  std::string_view left_suffix;
  std::string_view right_suffix;
  std::string left_window;
  std::string right_window;
  std::string left_generated;
  std::string right_generated;
  std::string left;
  std::string right;
  std::string merge;
};

topology::Processor window_node(const StreamJoinParts::Side& side, const state::StoreSpec& store) {
  return {.factory = side.window->settle({.store = store.name}),
          .stores = {store},
          .used_stores = {store.name}};
}

topology::StreamJoin join_node(const JoinNames& names, const processor::JoinReach& reach,
                               const std::string& left_store, const std::string& right_store,
                               std::optional<state::StoreSpec> unmatched, StreamJoinParts parts) {
  const std::string unmatched_store = unmatched ? unmatched->name : std::string{};
  processor::StreamJoinSettings left{.reach = reach,
                                     .other_store = right_store,
                                     .unmatched_store = unmatched_store,
                                     .left_node = {}};
  processor::StreamJoinSettings right{.reach = reach,
                                      .other_store = left_store,
                                      .unmatched_store = unmatched_store,
                                      .left_node = names.left};
  processor::StreamJoinSettings alone{
      .reach = reach, .other_store = left_store, .unmatched_store = {}, .left_node = {}};
  return {.left_window = names.left_window,
          .right_window = names.right_window,
          .left_name = names.left,
          .right_name = names.right,
          .left = parts.left.join->settle(std::move(left)),
          .right = parts.right.join->settle(std::move(right)),
          .merge = std::move(parts.merge),
          .left_store = left_store,
          .right_store = right_store,
          .unmatched = std::move(unmatched),
          .left_types = parts.left.types,
          .right_types = parts.right.types,
          .alone = parts.alone ? parts.alone->settle(std::move(alone)) : nullptr};
}

}  // namespace

StreamHandle::Sources StreamHandle::copartitioned_with(const Sources& others) const {
  Sources all = sources_;
  for (const topology::GraphNodeId source : others) {
    if (std::ranges::count(all, source) == 0) all.push_back(source);
  }
  if (!all.empty()) graph_->copartition(all);
  return all;
}

// Joins of one stream share its repartition topic, unless they are named. The reference forgets
// then that the topic is a source of the join, so it is in no co-partition group with the other
// side; the group's topology, which the broker is told, has to be the same.
StreamHandle StreamHandle::partitioned_for_join(
    const std::string& name, bool named,
    std::shared_ptr<const processor::RepartitionParts> parts) const {
  if (!rekeyed_) return *this;
  const std::optional<topology::GraphNodeId> shared = (*graph_)[node_].join_repartition;
  if (shared && name == this->name()) {
    // The numbers of a repartition of its own are used up all the same.
    for (const std::string_view prefix : {"KSTREAM-SINK-", "KSTREAM-FILTER-", "KSTREAM-SOURCE-"}) {
      static_cast<void>(graph_->names().next(prefix));
    }
    return {graph_, *shared, false, {}};
  }
  const topology::GraphNodeId node = add_repartition(name, named, std::nullopt, std::move(parts));
  (*graph_)[node_].join_repartition = node;
  return {graph_, node, false, {node}};
}

StreamHandle StreamHandle::join(const StreamHandle& other, JoinKind kind,
                                const JoinWindows& windows, const StreamJoinOptions& options,
                                StreamJoinParts parts) const {
  check_builders(graph_, other.graph_);
  check(windows);
  const auto topic = [&](const StreamHandle& stream, std::string_view suffix) {
    return options.name.empty() ? stream.name() : options.name + std::string{suffix};
  };
  const bool named = !options.name.empty();
  const StreamHandle left =
      partitioned_for_join(topic(*this, "-left"), named, parts.left.repartition);
  const StreamHandle right =
      other.partitioned_for_join(topic(other, "-right"), named, parts.right.repartition);
  Sources sources = left.copartitioned_with(right.sources_);

  const JoinNames names{graph_->names(), kind, options.name};
  const processor::JoinReach reach{
      .before = windows.before, .after = windows.after, .grace = windows.grace};
  const JoinStores stores{options, reach, kind};
  const state::StoreSpec left_store =
      stores.window(options.this_store, names.left_generated, names.left_suffix);
  const state::StoreSpec right_store =
      stores.window(options.other_store, names.right_generated, names.right_suffix);
  std::optional<state::StoreSpec> unmatched;
  if (kind != JoinKind::inner) {
    const std::string_view generated = names.left_generated;
    unmatched = stores.unmatched(generated.substr(generated.rfind('-') + 1));
  }

  graph_->add({.name = names.left_window, .operation = window_node(parts.left, left_store)},
              left.node_);
  graph_->add({.name = names.right_window, .operation = window_node(parts.right, right_store)},
              right.node_);
  const topology::GraphNodeId parents[] = {left.node_, right.node_};
  const topology::GraphNodeId node =
      graph_->add({.name = names.merge,
                   .operation = join_node(names, reach, left_store.name, right_store.name,
                                          std::move(unmatched), std::move(parts)),
                   .accepts_null_keys = kind != JoinKind::inner},
                  parents);
  return {graph_, node, false, std::move(sources)};
}

namespace {

void check_history(const std::string& join, const std::string& table,
                   std::optional<std::chrono::milliseconds> history,
                   std::chrono::milliseconds grace) {
  const std::string where = "join \"" + join + "\": ";
  if (grace < std::chrono::milliseconds::zero()) {
    throw TopologyError(where + "the grace period must not be negative, found " +
                        std::to_string(grace.count()) + " ms");
  }
  if (!history) {
    throw TopologyError(where + "a grace period needs a versioned table, and \"" + table +
                        "\" is none: give it .history, or leave the grace period out");
  }
  if (*history < grace) {
    throw TopologyError(where + "a grace period of " + std::to_string(grace.count()) +
                        " ms needs at least so much history, and \"" + table + "\" keeps " +
                        std::to_string(history->count()) + " ms");
  }
}

}  // namespace

StreamHandle StreamHandle::join(const TableHandle& table, JoinKind kind, std::string_view name,
                                std::optional<std::chrono::milliseconds> grace,
                                TableJoinParts parts) const {
  check_builders(graph_, table.graph_);
  const StreamHandle stream = partitioned_for_join(name.empty() ? this->name() : std::string{name},
                                                   !name.empty(), std::move(parts.repartition));
  Sources sources = stream.copartitioned_with(table.sources_);
  const std::string node_name =
      graph_->names().next_or(name, kind == JoinKind::left ? "KSTREAM-LEFTJOIN-" : "KSTREAM-JOIN-");
  const std::vector<std::string> table_stores = topology::make_readable(*graph_, table.node_);
  const std::string& table_name = (*graph_)[table.node_].name;

  processor::TableJoinSettings settings{
      .table = table_name, .buffer = {}, .grace = grace.value_or(std::chrono::milliseconds{0})};
  topology::Processor processor;
  if (grace) {
    check_history(node_name, table_name, topology::history_of(*graph_, table.node_), *grace);
    settings.buffer = node_name + "-Buffer";
    processor.stores.push_back({.name = settings.buffer,
                                .layout = state::ValueLayout::plain,
                                .caching = false,
                                .explicitly_named = !name.empty(),
                                .kind = state::StoreKind::buffer,
                                .join_buffer = true});
    processor.used_stores.push_back(settings.buffer);
    processor.types = parts.types;
  }
  processor.used_stores.insert(processor.used_stores.end(), table_stores.begin(),
                               table_stores.end());
  processor.factory = parts.join->settle(std::move(settings));
  const topology::GraphNodeId node = graph_->add({.name = node_name,
                                                  .operation = std::move(processor),
                                                  .accepts_null_keys = kind == JoinKind::left},
                                                 stream.node_);
  return {graph_, node, false, std::move(sources)};
}

// Inner joins have the name of left ones too.
StreamHandle StreamHandle::join(const GlobalTableHandle& table, JoinKind kind, const Named& named,
                                FactoryPtr join) const {
  check_builders(graph_, table.graph_);
  std::string name = graph_->names().next_or(named.name, "KSTREAM-LEFTJOIN-");
  const topology::GraphNodeId node =
      graph_->add({.name = std::move(name),
                   .operation = topology::Processor{.factory = std::move(join)},
                   .accepts_null_keys = kind == JoinKind::left},
                  node_);
  return {graph_, node, rekeyed_, sources_};
}

}  // namespace moldau::inline v0::dsl
