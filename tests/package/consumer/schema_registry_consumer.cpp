// Uses moldau::schema_registry as its users find it: a client, and both kinds of serdes.

#include <moldau/serde/avro.h>
#include <moldau/serde/protobuf.h>

#include <google/protobuf/wrappers.pb.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <tuple>

struct Order {
  std::string item;
};

template <>
struct moldau::AvroRecord<Order> {
  static constexpr std::string_view name = "shop.Order";
  static constexpr auto fields = std::tuple{avro_field<&Order::item>("item")};
};

int main() {
  const auto registry = moldau::make_memory_schema_registry();
  const auto avro = moldau::avro_serde<Order>(registry, {.topic = "orders"});
  const auto protobuf =
      moldau::protobuf_serde<google::protobuf::StringValue>(registry, {.topic = "items"});

  Order order{"tea"};
  moldau::ByteBuffer bytes;
  avro->serialize(order, bytes);
  avro->deserialize(bytes, order);
  google::protobuf::StringValue item;
  item.set_value(order.item);
  bytes.clear();
  protobuf->serialize(item, bytes);
  protobuf->deserialize(bytes, item);

  // Over HTTP: nobody is there, and the error may be caught by its type.
  const auto nobody = moldau::make_schema_registry(
      {"http://127.0.0.1:1"}, {.retries = 0, .backoff = std::chrono::milliseconds{0}});
  try {
    static_cast<void>(nobody->schema(moldau::SchemaId{1}));
  } catch (const moldau::SchemaRegistryError& error) {
    std::printf("%s, %s\n", item.value().c_str(), error.what());
    return item.value() == "tea" ? 0 : 1;
  }
  return 1;
}
