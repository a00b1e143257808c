#pragma once

#include "moldau/serde/schema_registry.h"

#include <atomic>
#include <memory>
#include <string>

namespace moldau::inline v0::schema_registry {

// The id of one schema in its subject: asked for when it is first needed, then kept. Any thread.
class WrittenId {
 public:
  // `ask()` returns the id; several threads may call it at the same time.
  template <class Ask>
  SchemaId get(Ask ask) const {
    const std::int32_t known = id_.load(std::memory_order_relaxed);
    if (known != unknown) return SchemaId{known};
    const SchemaId id = ask();
    id_.store(id.value(), std::memory_order_relaxed);
    return id;
  }

 private:
  static constexpr std::int32_t unknown = -1;  // ids are positive

  mutable std::atomic<std::int32_t> id_ = unknown;
};

// Adds the schema to the subject that `options` make for `record`, or only looks it up, as they
// say.
[[nodiscard]] inline SchemaId id_in_registry(SchemaRegistry& registry,
                                             const RegistrySerdeOptions& options,
                                             std::string_view record,
                                             const SchemaDefinition& schema) {
  const std::string subject = subject_name(options, record);
  const SchemaRegistry::Options how{.normalize = options.normalize};
  return options.auto_register ? registry.add(subject, schema, how)
                               : registry.find(subject, schema, how).id;
}

}  // namespace moldau::inline v0::schema_registry
