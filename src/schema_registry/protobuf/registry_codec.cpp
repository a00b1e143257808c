#include "moldau/serde/protobuf.h"

#include "schema_registry/protobuf/file_schema.h"
#include "schema_registry/wire_format.h"
#include "schema_registry/written_id.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace moldau::inline v0::protobuf {

namespace {

constexpr std::size_t largest_message = std::numeric_limits<int>::max();  // Protobuf's own limit

std::vector<int> path_of(const google::protobuf::Descriptor& message) {
  std::vector<int> path;
  for (const google::protobuf::Descriptor* at = &message; at != nullptr;
       at = at->containing_type()) {
    path.push_back(at->index());
  }
  std::reverse(path.begin(), path.end());
  return path;
}

[[noreturn]] void throw_incomplete(const google::protobuf::Message& message) {
  throw SerdeError("Protobuf: message " + message.GetTypeName() +
                   " lacks required fields: " + message.InitializationErrorString());
}

void append_message(const google::protobuf::Message& message, ByteBuffer& out) {
  const std::size_t size = message.ByteSizeLong();
  if (size > largest_message) {
    throw SerdeError("Protobuf: message " + message.GetTypeName() +
                     ": expected at most 2 GiB, "
                     "found " +
                     std::to_string(size) + " bytes");
  }
  const std::size_t before = out.size();
  out.resize(before + size);
  google::protobuf::io::ArrayOutputStream array{out.data() + before, static_cast<int>(size)};
  google::protobuf::io::CodedOutputStream coded{&array};
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
}

}  // namespace

struct RegistryCodec::State {
  std::shared_ptr<SchemaRegistry> registry;  // shared by the serdes made with it
  const google::protobuf::Descriptor& message;
  RegistrySerdeOptions options;
  ByteBuffer path;
  schema_registry::WrittenId id = {};
};

RegistryCodec::RegistryCodec(std::shared_ptr<SchemaRegistry> registry,
                             const google::protobuf::Descriptor& message,
                             RegistrySerdeOptions options) {
  if (registry == nullptr) {
    throw SerdeError("Protobuf: expected a schema registry, found a null pointer");
  }
  state_.reset(new State{std::move(registry), message, std::move(options),
                         schema_registry::message_path_bytes(path_of(message))});
}

RegistryCodec::RegistryCodec(RegistryCodec&& other) noexcept = default;
RegistryCodec::~RegistryCodec() = default;

void RegistryCodec::serialize(const google::protobuf::Message& message, ByteBuffer& out) const {
  if (!message.IsInitialized()) throw_incomplete(message);
  const SchemaId id = state_->id.get([this] {
    return schema_registry::id_in_registry(
        *state_->registry, state_->options, state_->message.full_name(),
        file_schema(*state_->registry, state_->options, *state_->message.file()));
  });
  const std::size_t before = out.size();
  schema_registry::write_frame(id, out);
  out.append(state_->path);
  try {
    append_message(message, out);
  } catch (const SerdeError&) {
    out.resize(before);
    throw;
  }
}

void RegistryCodec::deserialize(Bytes bytes, google::protobuf::Message& message) const {
  const schema_registry::Framed framed = schema_registry::read_frame(bytes);
  const Bytes payload = schema_registry::skip_message_path(framed.payload);
  // Partially, because otherwise Protobuf writes a missing field to stderr.
  if (payload.size() > largest_message ||
      !message.ParsePartialFromArray(payload.data(), static_cast<int>(payload.size()))) {
    throw SerdeError("Protobuf: schema id " + std::to_string(framed.id.value()) + ": expected a " +
                     message.GetTypeName() + ", found " + std::to_string(payload.size()) +
                     " bytes that are none");
  }
  if (!message.IsInitialized()) throw_incomplete(message);
}

}  // namespace moldau::inline v0::protobuf
