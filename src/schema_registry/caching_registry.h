#pragma once

#include "moldau/base/clock.h"
#include "moldau/export.h"
#include "moldau/serde/schema_registry.h"

#include <chrono>
#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

namespace moldau::inline v0::schema_registry {

// Asks the registry below once, and remembers the answer. What it knows costs a shared lock; of
// several threads that want to know the same, one asks and the others wait for its answer.
class MOLDAU_TESTING_EXPORT CachingRegistry final : public SchemaRegistry {
 public:
  // `clock` must outlive this object.
  CachingRegistry(std::unique_ptr<SchemaRegistry> below, Clock& clock,
                  std::chrono::milliseconds unknown_id_memory);

  SchemaId add(const std::string& subject, const SchemaDefinition& schema,
               Options options) override;
  Registered find(const std::string& subject, const SchemaDefinition& schema,
                  Options options) override;
  std::shared_ptr<const SchemaDefinition> schema(SchemaId id) override;
  std::shared_ptr<const SchemaDefinition> schema(const std::string& subject,
                                                 SchemaVersion version) override;

 private:
  // Everything that decides an answer about a subject's schema.
  struct Question {
    std::string subject;
    SchemaDefinition schema;
    bool normalize;
  };
  struct Before {
    bool operator()(const Question& a, const Question& b) const noexcept;
  };
  struct Unknown {
    Clock::Steady forget;
    std::string message;
  };

  template <class Map, class Key, class Ask>
  auto remembered(Map& known, const Key& key, Ask ask);

  std::unique_ptr<SchemaRegistry> below_;
  Clock& clock_;
  std::chrono::milliseconds unknown_id_memory_;

  std::mutex asking_;  // held while the registry below is asked; taken before known_mutex_
  std::shared_mutex known_mutex_;  // guards all below
  std::map<Question, SchemaId, Before> added_;
  std::map<Question, Registered, Before> found_;
  std::map<SchemaId, std::shared_ptr<const SchemaDefinition>> by_id_;  // shared with who asked
  std::map<std::pair<std::string, SchemaVersion>, std::shared_ptr<const SchemaDefinition>>
      by_version_;
  std::map<SchemaId, Unknown> unknown_;
};

}  // namespace moldau::inline v0::schema_registry
