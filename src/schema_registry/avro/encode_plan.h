#pragma once

#include "schema_registry/avro/encoder.h"

namespace moldau::inline v0::avro {

// Compares a schema with a C++ type, once, so that writing a value compares nothing.
class EncodePlan {
 public:
  const EncodeNode* make(const SchemaNode& schema, const TypeDescription& type);

  [[nodiscard]] std::vector<std::unique_ptr<EncodeNode>> take_nodes() && {
    return std::move(nodes_);
  }

 private:
  EncodeNode& add(EncodeNode::Op op, const SchemaNode& schema, const TypeDescription& type);
  const EncodeNode* make_union(const SchemaNode& schema, const TypeDescription& type);
  void fill_record(EncodeNode& node);
  void fill_enum(EncodeNode& node);
  void fill_variant(EncodeNode& node);

  std::vector<std::unique_ptr<EncodeNode>> nodes_;
};

}  // namespace moldau::inline v0::avro
