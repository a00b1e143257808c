#pragma once

#include "moldau/serde/avro/type_description.h"

#include "schema_registry/avro/schema_tree.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::avro {

// "std::int32_t", "record shop.Order": the C++ type as messages call it.
[[nodiscard]] std::string describe(const TypeDescription& type);

// True if `type` holds the values of `schema`, as far as can be told without looking at names and
// into parts. Never for unions and what stands for them (std::optional, std::variant).
[[nodiscard]] bool fits(const SchemaNode& schema, const TypeDescription& type);

// The branch of a union whose values `type` holds; names of records and enums count, but for their
// namespaces.
[[nodiscard]] std::optional<std::size_t> branch_of(const SchemaNode& union_node,
                                                   const TypeDescription& type);

// True for values that a reader may take for its own: the same kind, or one that Avro converts.
[[nodiscard]] bool converts(AvroKind writer, AvroKind reader);

// True if a name of `reader` (its own, or an alias) is that of `writer`. Namespaces are compared in
// aliases only: moving a type is no change that readers care about.
[[nodiscard]] bool same_name(const SchemaNode& writer, const SchemaNode& reader);

// The branches of the union `reader` that may take values written as `writer`, which is no union,
// the best first: those of the same type and name, for records those of any name, and those that
// the value can be converted to.
[[nodiscard]] std::vector<std::size_t> branches_for(const SchemaNode& writer,
                                                    const SchemaNode& reader);

// The branch of a union that is null.
[[nodiscard]] std::optional<std::size_t> null_branch(const SchemaNode& union_node);

// True for the times of timestamp-micros; all other longs that are times are milliseconds.
[[nodiscard]] bool counts_microseconds(const SchemaNode& schema);

}  // namespace moldau::inline v0::avro
