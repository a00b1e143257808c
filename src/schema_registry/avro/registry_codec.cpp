#include "moldau/serde/avro.h"

#include "schema_registry/avro/decoder.h"
#include "schema_registry/avro/encoder.h"
#include "schema_registry/avro/registered_schema.h"
#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/once_per_id.h"
#include "schema_registry/wire_format.h"
#include "schema_registry/written_id.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

namespace moldau::inline v0::avro {

using schema_registry::Framed;

// The serde of one type. Its own schema is fixed, or, for GenericAvro, that of each value.
class RegistryCodec::State {
 public:
  State(std::shared_ptr<SchemaRegistry> registry, RegistrySerdeOptions options)
      : registry_(std::move(registry)), options_(std::move(options)) {}
  virtual ~State() = default;

  virtual void write(const void* value, ByteBuffer& out) const = 0;
  virtual void read(const Framed& framed, void* value) const = 0;

 protected:
  [[nodiscard]] SchemaId id_of(const AvroSchema& schema) const {
    SchemaDefinition definition{SchemaType::avro, schema.text()};
    for (const AvroReference& reference : schema.tree().references) {
      definition.references.push_back(reference.registered);
    }
    return schema_registry::id_in_registry(*registry_, options_, schema.full_name(), definition);
  }
  [[nodiscard]] AvroSchema schema_of(SchemaId id) const {
    return registered_schema(*registry_, id);
  }

  static void decode(const Decoder& decoder, const Framed& framed, void* value) {
    try {
      decoder.read(framed.payload, value);
    } catch (const SerdeError& error) {
      throw SerdeError("schema id " + std::to_string(framed.id.value()) + ": " + error.what());
    }
  }

 private:
  std::shared_ptr<SchemaRegistry> registry_;  // shared by the serdes made with it
  RegistrySerdeOptions options_;
};

namespace {

// With the place of a problem: topic and schema.
std::string because(const RegistrySerdeOptions& options) {
  std::string text = options.is_key ? " (the key" : " (the value";
  if (!options.topic.empty()) text += " of topic \"" + options.topic + "\"";
  return text + ")";
}

}  // namespace

class RegistryCodec::OneSchema final : public RegistryCodec::State {
 public:
  OneSchema(std::shared_ptr<SchemaRegistry> registry, const TypeDescription& type,
            AvroSchema schema, RegistrySerdeOptions options)
      : State(std::move(registry), options), schema_(std::move(schema)), type_(type) {
    if (const auto problem = Decoder{schema_, schema_, type}.problem()) {
      throw SerdeError("Avro: " + *problem + because(options));
    }
    try {
      encoder_.emplace(schema_, type);
    } catch (const SerdeError& error) {
      // A type with a part of the schema's fields can be read, if not written.
      unwritable_ = error.what() + because(options);
    }
  }

  void write(const void* value, ByteBuffer& out) const override {
    if (!encoder_) throw SerdeError(unwritable_);
    schema_registry::write_frame(id_.get([this] { return id_of(schema_); }), out);
    encoder_->write(value, out);
  }

  void read(const Framed& framed, void* value) const override {
    const Decoder& decoder = decoders_.get(framed.id, [this](SchemaId id) {
      return std::make_unique<const Decoder>(schema_of(id), schema_, type_);
    });
    decode(decoder, framed, value);
  }

 private:
  AvroSchema schema_;
  const TypeDescription& type_;
  std::optional<Encoder> encoder_;
  std::string unwritable_;
  schema_registry::WrittenId id_;
  schema_registry::OncePerId<Decoder> decoders_;
};

// Each value has the schema it was read with, or was given.
class RegistryCodec::AnySchema final : public RegistryCodec::State {
 public:
  using State::State;

  void write(const void* value, ByteBuffer& out) const override {
    const GenericAvro& datum = *static_cast<const GenericAvro*>(value);
    if (!datum.schema) {
      throw SerdeError("Avro: a GenericAvro without a schema; set its schema before writing it");
    }
    const Writing& writing = writing_of(*datum.schema);
    schema_registry::write_frame(writing.id.get([&] { return id_of(*datum.schema); }), out);
    writing.encoder.write(&datum.value, out);
  }

  void read(const Framed& framed, void* value) const override {
    const Decoder& decoder = decoders_.get(framed.id, [this](SchemaId id) {
      const AvroSchema schema = schema_of(id);
      return std::make_unique<const Decoder>(schema, schema, describe<AvroValue>());
    });
    GenericAvro& datum = *static_cast<GenericAvro*>(value);
    decode(decoder, framed, &datum.value);
    if (!datum.schema || &datum.schema->tree() != &decoder.writer().tree()) {
      datum.schema = decoder.writer();
    }
  }

 private:
  struct Writing {
    explicit Writing(const AvroSchema& schema) : encoder(schema, describe<AvroValue>()) {}
    Encoder encoder;
    schema_registry::WrittenId id;
  };

  const Writing& writing_of(const AvroSchema& schema) const {
    {
      const std::shared_lock lock{mutex_};
      const auto found = writings_.find(schema.text());
      if (found != writings_.end()) return *found->second;
    }
    auto made = std::make_unique<const Writing>(schema);
    const std::lock_guard lock{mutex_};
    return *writings_.try_emplace(schema.text(), std::move(made)).first->second;
  }

  schema_registry::OncePerId<Decoder> decoders_;
  mutable std::shared_mutex mutex_;  // guards writings_, which never lose one
  mutable std::map<std::string, std::unique_ptr<const Writing>> writings_;
};

RegistryCodec::RegistryCodec(std::shared_ptr<SchemaRegistry> registry, const TypeDescription& type,
                             std::optional<AvroSchema> schema, RegistrySerdeOptions options) {
  if (registry == nullptr)
    throw SerdeError("Avro: expected a schema registry, found a null pointer");
  if (type.storage != Storage::datum) {
    AvroSchema own = schema ? *std::move(schema) : derive_schema(type);
    state_ =
        std::make_unique<OneSchema>(std::move(registry), type, std::move(own), std::move(options));
  } else if (schema) {
    throw SerdeError(
        "Avro: a GenericAvro has the schema of each record; use AvroValue with a "
        "schema that is given");
  } else {
    state_ = std::make_unique<AnySchema>(std::move(registry), std::move(options));
  }
}

RegistryCodec::RegistryCodec(RegistryCodec&& other) noexcept = default;
RegistryCodec::~RegistryCodec() = default;

void RegistryCodec::serialize(const void* value, ByteBuffer& out) const {
  const std::size_t before = out.size();
  try {
    state_->write(value, out);
  } catch (const Error&) {
    out.resize(before);
    throw;
  }
}

void RegistryCodec::deserialize(Bytes bytes, void* value) const {
  state_->read(schema_registry::read_frame(bytes), value);
}

}  // namespace moldau::inline v0::avro
