#pragma once

#include "topology/graph.h"

// Rewrite rules: each changes the graph in one way and has a file of its own. They run on a copy of
// the program's graph, before it is lowered.
namespace moldau::inline v0::topology {

// Several streams that read the same topics read them once: the first one's source feeds them all.
// Throws TopologyError if they disagree on where to start, or share only some of their topics.
void merge_duplicate_sources(Graph& graph);

// Stores of tables are restored from the tables' own topics (`reuse.ktable.source.topics`).
void reuse_table_source_topics(Graph& graph);

// One repartition topic right below a change of the key takes the place of those further down
// (`merge.repartition.topics`). `processors_change_records`: the user's processors count as changes
// of the key and of values.
void merge_repartition_topics(Graph& graph, bool processors_change_records);

// A stream that is joined with itself is kept once (`single.store.self.join`).
void join_self_on_one_store(Graph& graph);

// Repartition topics let records without a key through if an operator below can use them.
void pass_null_keys(Graph& graph);

}  // namespace moldau::inline v0::topology
