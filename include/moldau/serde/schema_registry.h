#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"
#include "moldau/base/strong_id.h"
#include "moldau/base/unavailable_error.h"
#include "moldau/export.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The schema registry (Confluent's, or one that speaks its HTTP interface) that Avro and Protobuf
// serdes keep their schemas in. Opt-in: link moldau::schema_registry.

namespace moldau::inline v0 {

using SchemaId = StrongId<std::int32_t, struct SchemaIdTag>;
using SchemaVersion = StrongId<std::int32_t, struct SchemaVersionTag>;

enum class SchemaType : std::uint8_t { avro, protobuf, json };

// "AVRO", "PROTOBUF", "JSON": as the registry writes it.
[[nodiscard]] MOLDAU_EXPORT std::string_view name(SchemaType type) noexcept;

// Another schema that a schema uses: `name` is what the schema's text calls it (the full name of an
// Avro type, the path of a .proto file), subject and version are where the registry has it.
struct SchemaReference {
  std::string name;
  std::string subject;
  SchemaVersion version;

  friend bool operator==(const SchemaReference&, const SchemaReference&) = default;
};

// What is registered under a subject.
struct SchemaDefinition {
  SchemaType type = SchemaType::avro;
  std::string text;
  std::vector<SchemaReference> references = {};

  friend bool operator==(const SchemaDefinition&, const SchemaDefinition&) = default;
};

// The registry cannot be reached, refuses us, or refuses a schema. The record at hand may be fine:
// see UnavailableError for what becomes of it. Bytes that name a schema the registry does not know
// are a SerdeError.
class MOLDAU_EXPORT SchemaRegistryError : public UnavailableError {
 public:
  using UnavailableError::UnavailableError;
  ~SchemaRegistryError() override;
};

// A registry as serdes use it. Any thread. Calls may wait for the network, but not for what was
// asked before: schemas and ids never change, so answers are kept for the life of the object.
//
// Shared by the serdes made with it and by whoever made it.
class MOLDAU_EXPORT SchemaRegistry {
 public:
  struct Registered {
    SchemaId id;
    SchemaVersion version;
  };
  struct Options {
    // The registry brings the schema to its normal form before it compares: order of fields'
    // properties, spacing and such do not matter then. Needs a registry of 2022 or later.
    bool normalize = false;
  };

  virtual ~SchemaRegistry();

  // Adds the schema to the subject, unless it is there already. SchemaRegistryError if the registry
  // refuses it: above all because it is incompatible with the versions before it.
  [[nodiscard]] virtual SchemaId add(const std::string& subject, const SchemaDefinition& schema,
                                     Options options) = 0;

  // The schema as the subject has it. SchemaRegistryError if the subject or the schema is unknown.
  [[nodiscard]] virtual Registered find(const std::string& subject, const SchemaDefinition& schema,
                                        Options options) = 0;

  // The schema with this id. SerdeError if there is none: the bytes that named it are no good.
  [[nodiscard]] virtual std::shared_ptr<const SchemaDefinition> schema(SchemaId id) = 0;

  // A version of a subject, to follow a reference. SchemaRegistryError if there is none.
  [[nodiscard]] virtual std::shared_ptr<const SchemaDefinition> schema(const std::string& subject,
                                                                       SchemaVersion version) = 0;
};

struct SchemaRegistryOptions {
  // Basic authentication. Default: none. Not as part of a URL: URLs appear in error messages.
  std::string user = {};
  std::string password = {};

  // Sent as `Authorization: Bearer ...`. Default: none. Not together with `user`.
  std::string bearer_token = {};

  // https: a PEM file with the authorities to trust. Default: those of the machine.
  std::string ca_file = {};
  // https: PEM files, if the registry asks for a certificate. Default: none. Set both or neither.
  // The key is one without a pass phrase.
  std::string certificate_file = {};
  std::string key_file = {};

  // Longest wait for a connection, and for each answer. Default: 10 s. A stream thread waits that
  // long when it meets a new schema: keep the sum of all tries well below max.poll.interval.ms.
  std::chrono::milliseconds timeout = std::chrono::seconds{10};

  // How often a request that may succeed later (no connection, no answer in time, status 408, 429
  // or 5xx) is made again. Each try goes through all URLs. Default: 3.
  int retries = 3;

  // Waited before the second try; doubles with each, up to max_backoff, with up to a fifth of it
  // added or taken by chance, so that instances do not come back together. Default: 200 ms, 5 s.
  std::chrono::milliseconds backoff = std::chrono::milliseconds{200};
  std::chrono::milliseconds max_backoff = std::chrono::seconds{5};

  // How long an id is remembered as unknown, so that a flood of bad records does not become a flood
  // of requests. Default: 30 s. 0: ask each time.
  std::chrono::milliseconds unknown_id_memory = std::chrono::seconds{30};
};

// A registry behind HTTP: `https://host:8081`, or `http://host/path` behind a proxy. With several
// URLs, the one that answered last is asked first. Redirects are not followed, because credentials
// would go along. ConfigError, with every problem, for URLs or options that cannot be used; nothing
// is sent before the first record needs it.
//
// Passwords, tokens and keys are never in a message of an error.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<SchemaRegistry> make_schema_registry(
    std::vector<std::string> urls, SchemaRegistryOptions options = {});

// A registry inside the process, for tests of topologies. Accepts every schema, and numbers them
// from 1 on. Compares schemas as texts: spacing matters.
[[nodiscard]] MOLDAU_EXPORT std::shared_ptr<SchemaRegistry> make_memory_schema_registry();

// How the subject of a schema is called.
enum class SubjectNaming : std::uint8_t {
  topic_name,         // orders-key, orders-value: one schema history for each topic
  record_name,        // shop.Order: one for the type, whatever topic it is in
  topic_record_name,  // orders-shop.Order: one for each type in each topic
};

// What a serde with a registry needs to know of its place. The serde is made before the operator
// that uses it knows its topic, so the topic is given here.
struct RegistrySerdeOptions {
  // The topic whose schemas these are. Needed to write, unless the naming is record_name. For
  // stores and repartition topics: the topic that the records came from, unless each changelog
  // shall have subjects of its own.
  std::string topic = {};

  // True for keys. Default: values.
  bool is_key = false;

  // How subjects are called. Default: topic_name. The same as the other writers of the topic use.
  SubjectNaming naming = SubjectNaming::topic_name;

  // Writing adds an unknown schema to its subject. Default: on, as in Java. Turn off where schemas
  // are registered by a release process: a schema that is not there is then an error.
  bool auto_register = true;

  // See SchemaRegistry::Options. Default: off, as in Java.
  bool normalize = false;
};

// The subject under which `record` (the full name of the schema's type; empty if it has none) is
// registered. SchemaRegistryError if topic or record is needed and empty.
[[nodiscard]] MOLDAU_EXPORT std::string subject_name(const RegistrySerdeOptions& options,
                                                     std::string_view record);

}  // namespace moldau::inline v0
