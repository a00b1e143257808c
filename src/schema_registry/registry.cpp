#include "moldau/serde/schema_registry.h"

namespace moldau::inline v0 {

SchemaRegistryError::~SchemaRegistryError() = default;
SchemaRegistry::~SchemaRegistry() = default;

std::string_view name(SchemaType type) noexcept {
  switch (type) {
    case SchemaType::avro:
      return "AVRO";
    case SchemaType::protobuf:
      return "PROTOBUF";
    case SchemaType::json:
      return "JSON";
  }
  return "?";
}

std::string subject_name(const RegistrySerdeOptions& options, std::string_view record) {
  const bool needs_topic = options.naming != SubjectNaming::record_name;
  const bool needs_record = options.naming != SubjectNaming::topic_name;
  if (needs_topic && options.topic.empty()) {
    throw SchemaRegistryError(
        "schema registry: expected the topic that a schema is written for, found none; set "
        "RegistrySerdeOptions::topic, or name subjects by record_name");
  }
  if (needs_record && record.empty()) {
    throw SchemaRegistryError(
        "schema registry: expected a schema with a name for topic \"" + options.topic +
        "\", because its subjects are named after records; name them by topic_name");
  }
  if (!needs_topic) return std::string{record};
  std::string subject = options.topic;
  if (needs_record) {
    subject += '-';
    subject += record;
  } else {
    subject += options.is_key ? "-key" : "-value";
  }
  return subject;
}

}  // namespace moldau::inline v0
