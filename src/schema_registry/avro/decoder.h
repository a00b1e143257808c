#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/avro/schema.h"
#include "moldau/serde/avro/type_description.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::avro {

struct SchemaNode;

// How one place of the writer's schema is read into one C++ type.
struct DecodeNode {
  enum class Op : std::uint8_t {
    null,
    boolean,
    int32,
    int64,
    float32,
    float64,
    text,  // string and bytes
    fixed,
    enumeration,
    record,
    array,
    map,
    branches,        // the writer's union: one part for each branch
    into_optional,   // the reader's: the value is one of a std::optional
    reset_optional,  // or null
    into_variant,    // or one of a std::variant
    pass_on,         // the reader's, of which the C++ type holds a branch
    mismatch,        // what the writer has here cannot be read
  };
  // The writer's fields in their order, then those that it does not have.
  struct Step {
    const DecodeNode* node = nullptr;
    void* (*member)(void* object) = nullptr;    // null for an AvroValue, and for what is skipped
    std::size_t field = 0;                      // of an AvroValue
    const ByteBuffer* default_value = nullptr;  // read instead of the input
  };

  Op op = Op::null;
  const TypeDescription* type = nullptr;  // null: what is read is dropped
  const SchemaNode* writer = nullptr;
  const SchemaNode* reader = nullptr;
  std::vector<Step> steps = {};
  std::vector<const DecodeNode*> parts = {};
  // enum: for each of the writer's symbols that of the C++ type, or of the reader for an AvroValue
  std::vector<int> symbols = {};
  std::size_t alternative = 0;  // into_variant
  bool microseconds = false;
  std::string problem = {};  // mismatch
};

// Reads what was written with one schema into one C++ type. Immutable, so any number of threads may
// use it.
class Decoder {
 public:
  // `reader` is the schema of `type`.
  Decoder(AvroSchema writer, AvroSchema reader, const TypeDescription& type);

  // Why some values of the writer's schema cannot be read, with the place; nullopt if all can.
  [[nodiscard]] std::optional<std::string> problem() const;

  // Overwrites *object, keeping its memory where it can. SerdeError for bytes that end too early or
  // are none of the writer's schema, and for a value that the reader's schema has no place for.
  void read(Bytes bytes, void* object) const;

  [[nodiscard]] const AvroSchema& writer() const noexcept { return writer_; }

 private:
  AvroSchema writer_;
  AvroSchema reader_;
  std::vector<std::unique_ptr<DecodeNode>> nodes_;
  const DecodeNode* root_ = nullptr;
};

}  // namespace moldau::inline v0::avro
