#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/avro/schema.h"
#include "moldau/serde/avro/type_description.h"
#include "moldau/serde/avro/value.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace moldau::inline v0::avro {

struct SchemaNode;

// How one place of a schema is written from one C++ type.
struct EncodeNode {
  enum class Op : std::uint8_t {
    null,
    boolean,
    int32,
    int64,
    float32,
    float64,
    timestamp,
    text,  // string and bytes
    fixed,
    uuid,
    enumeration,
    record,
    array,
    map,
    optional,
    variant,
    branch,  // a value that is no union in C++, in a union
    value,   // AvroValue
  };
  struct Field {
    void* (*member)(void* object) = nullptr;
    const EncodeNode* node = nullptr;  // null: the type has no such field, its default is written
    ByteBuffer default_value = {};
  };

  Op op = Op::null;
  const TypeDescription* type = nullptr;
  const SchemaNode* schema = nullptr;
  std::vector<Field> fields = {};
  std::vector<const EncodeNode*> parts = {};  // variant: by alternative; others: one
  // enum: the schema's symbol for each of the type's; variant: the branch of each alternative
  std::vector<std::int64_t> numbers = {};
  std::int64_t null_branch = 0;
  std::int64_t value_branch = 0;
  bool microseconds = false;
};

// Writes values of one C++ type as one schema. Immutable, so any number of threads may use it.
class Encoder {
 public:
  // SerdeError, with the place, if the type has no part for something that the schema must have.
  Encoder(AvroSchema schema, const TypeDescription& type);

  // Appends to `out`. SerdeError if the value is not one of the schema's: an enum value without a
  // symbol, an AvroValue of another type.
  void write(const void* object, ByteBuffer& out) const;

  [[nodiscard]] const AvroSchema& schema() const noexcept { return schema_; }

 private:
  AvroSchema schema_;
  std::vector<std::unique_ptr<EncodeNode>> nodes_;
  const EncodeNode* root_ = nullptr;
};

// Writes a value whose type is known only now.
void write_value(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out,
                 std::size_t depth = 0);

// Deepest nesting of a value that is written or read. Only a type that contains itself gets there.
constexpr std::size_t deepest = 1000;

[[noreturn]] void throw_too_deep();

}  // namespace moldau::inline v0::avro
