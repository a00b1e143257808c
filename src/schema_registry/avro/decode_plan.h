#pragma once

#include "schema_registry/avro/decoder.h"

#include <map>
#include <tuple>

namespace moldau::inline v0::avro {

// Compares the writer's schema with the reader's and with a C++ type, once: schema resolution as
// Avro's specification has it. What does not fit becomes a mismatch node, because it matters only
// if a value gets there: a branch of a union may never be written.
class DecodePlan {
 public:
  // REQUIRES: `reader` and `type` are both null, for what is skipped, or neither is.
  const DecodeNode* make(const SchemaNode& writer, const SchemaNode* reader,
                         const TypeDescription* type);

  [[nodiscard]] std::vector<std::unique_ptr<DecodeNode>> take_nodes() && {
    return std::move(nodes_);
  }

 private:
  DecodeNode& add(const SchemaNode& writer, const SchemaNode* reader, const TypeDescription* type);
  void fill(DecodeNode& node);
  void fill_branches(DecodeNode& node);
  void fill_into_union(DecodeNode& node);
  void fill_into_branch(DecodeNode& node, const SchemaNode& reader, std::size_t branch);
  void fill_same_kind(DecodeNode& node);
  void fill_record(DecodeNode& node);
  void fill_enum(DecodeNode& node);
  void fill_part(DecodeNode& node);
  void add_default(DecodeNode& node, std::size_t field);

  std::vector<std::unique_ptr<DecodeNode>> nodes_;
  std::map<std::tuple<const SchemaNode*, const SchemaNode*, const TypeDescription*>, DecodeNode*>
      known_;
};

}  // namespace moldau::inline v0::avro
