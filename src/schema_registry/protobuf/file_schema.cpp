#include "schema_registry/protobuf/file_schema.h"

#include <string>
#include <string_view>

namespace moldau::inline v0::protobuf {

namespace {

// Files that every registry has built in; they cannot be registered.
bool built_in(std::string_view path) {
  return path.starts_with("google/protobuf/") || path.starts_with("google/type/") ||
         path.starts_with("confluent/");
}

}  // namespace

SchemaDefinition file_schema(SchemaRegistry& registry, const RegistrySerdeOptions& options,
                             const google::protobuf::FileDescriptor& file) {
  SchemaDefinition schema{SchemaType::protobuf, file.DebugString()};
  const SchemaRegistry::Options how{.normalize = options.normalize};
  for (int i = 0; i < file.dependency_count(); ++i) {
    const google::protobuf::FileDescriptor& imported = *file.dependency(i);
    if (built_in(imported.name())) continue;
    const SchemaDefinition its_schema = file_schema(registry, options, imported);
    if (options.auto_register) {
      static_cast<void>(registry.add(imported.name(), its_schema, how));
    }
    schema.references.push_back({imported.name(), imported.name(),
                                 registry.find(imported.name(), its_schema, how).version});
  }
  return schema;
}

}  // namespace moldau::inline v0::protobuf
