#pragma once

#include "moldau/serde/schema_registry.h"

#include <google/protobuf/descriptor.h>

namespace moldau::inline v0::protobuf {

// A .proto file as it is registered, after the files it imports have been: their versions are its
// references. Adds or only looks them up, as `options` say.
[[nodiscard]] SchemaDefinition file_schema(SchemaRegistry& registry,
                                           const RegistrySerdeOptions& options,
                                           const google::protobuf::FileDescriptor& file);

}  // namespace moldau::inline v0::protobuf
