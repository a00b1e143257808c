#include "moldau/serde/schema_registry.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace moldau::inline v0 {

namespace {

using DefinitionPtr = std::shared_ptr<const SchemaDefinition>;  // shared with those who asked

class MemoryRegistry final : public SchemaRegistry {
 public:
  SchemaId add(const std::string& subject, const SchemaDefinition& schema,
               Options /*options*/) override {
    const std::lock_guard lock{mutex_};
    const SchemaId id = id_of(schema);
    std::vector<SchemaId>& versions = subjects_[subject];
    if (std::find(versions.begin(), versions.end(), id) == versions.end()) versions.push_back(id);
    return id;
  }

  Registered find(const std::string& subject, const SchemaDefinition& schema,
                  Options /*options*/) override {
    const std::lock_guard lock{mutex_};
    const auto known = subjects_.find(subject);
    if (known != subjects_.end()) {
      for (std::size_t i = 0; i < known->second.size(); ++i) {
        const SchemaId id = known->second[i];
        if (*by_id(id) == schema) return {id, SchemaVersion{static_cast<std::int32_t>(i + 1)}};
      }
    }
    throw SchemaRegistryError("schema registry in memory: subject \"" + subject +
                              "\" does not have this schema; add it first, or let the serde "
                              "register it");
  }

  DefinitionPtr schema(SchemaId id) override {
    const std::lock_guard lock{mutex_};
    if (id.value() < 1 || static_cast<std::size_t>(id.value()) > schemas_.size()) {
      throw SerdeError("schema registry in memory: there is no schema with id " +
                       std::to_string(id.value()));
    }
    return by_id(id);
  }

  DefinitionPtr schema(const std::string& subject, SchemaVersion version) override {
    const std::lock_guard lock{mutex_};
    const auto known = subjects_.find(subject);
    if (known == subjects_.end() || version.value() < 1 ||
        static_cast<std::size_t>(version.value()) > known->second.size()) {
      throw SchemaRegistryError("schema registry in memory: subject \"" + subject +
                                "\" has no version " + std::to_string(version.value()));
    }
    return by_id(known->second[static_cast<std::size_t>(version.value() - 1)]);
  }

 private:
  const DefinitionPtr& by_id(SchemaId id) const {
    return schemas_[static_cast<std::size_t>(id.value() - 1)];
  }

  // The same schema has the same id in all subjects, as in a real registry.
  SchemaId id_of(const SchemaDefinition& schema) {
    auto known = std::find_if(schemas_.begin(), schemas_.end(),
                              [&](const DefinitionPtr& other) { return *other == schema; });
    if (known == schemas_.end()) {
      schemas_.push_back(std::make_shared<const SchemaDefinition>(schema));
      known = std::prev(schemas_.end());
    }
    return SchemaId{static_cast<std::int32_t>(known - schemas_.begin() + 1)};
  }

  std::mutex mutex_;  // guards all below
  std::vector<DefinitionPtr> schemas_;
  std::map<std::string, std::vector<SchemaId>, std::less<>> subjects_;  // its versions, in order
};

}  // namespace

std::shared_ptr<SchemaRegistry> make_memory_schema_registry() {
  return std::make_shared<MemoryRegistry>();
}

}  // namespace moldau::inline v0
