#pragma once

#include "moldau/serde/avro/schema.h"

#include <memory>
#include <string_view>
#include <vector>

namespace moldau::inline v0::avro {

// See AvroSchema::parse().
[[nodiscard]] std::shared_ptr<const SchemaTree> parse_schema(
    std::string_view json, const std::vector<AvroReference>& references);

}  // namespace moldau::inline v0::avro
