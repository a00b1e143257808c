// Order enrichment: orders with the name and the city of their customer, kept up to date from both
// sides.
//
// An order names its customer, so the two tables do not share a key: a foreign-key join. When a
// customer moves, all of their orders come out again.

#include "moldau/moldau.h"
#include "moldau/serde/json.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <cstdio>
#include <string>

namespace {

struct Order {
  std::string customer;
  std::string item;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, customer, item)

struct Customer {
  std::string name;
  std::string city;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Customer, name, city)

struct Delivery {
  std::string item;
  std::string name;
  std::string city;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Delivery, item, name, city)

}  // namespace

template <>
struct moldau::Serde<Order> : moldau::JsonSerde<Order> {};
template <>
struct moldau::Serde<Customer> : moldau::JsonSerde<Customer> {};
template <>
struct moldau::Serde<Delivery> : moldau::JsonSerde<Delivery> {};

namespace {

moldau::Topology order_enrichment() {
  moldau::StreamsBuilder builder;
  const auto orders = builder.table<std::string, Order>("orders", {}, {.name = "orders"});
  const auto customers =
      builder.table<std::string, Customer>("customers", {}, {.name = "customers"});
  orders
      .join(
          customers, [](const Order& order) { return order.customer; },
          [](const Order& order, const Customer& customer) {
            return Delivery{order.item, customer.name, customer.city};
          },
          {.name = "deliveries"})
      .to_stream()
      .to("deliveries");
  return builder.build();
}

void show(const examples::EmbeddedRun& run) {
  std::printf("%-6s %-16s %-16s %s\n", "order", "item", "customer", "city");
  for (const auto& [order, delivery] : run.latest<std::string, Delivery>("deliveries")) {
    std::printf("%-6s %-16s %-16s %s\n", order.c_str(), delivery.item.c_str(),
                delivery.name.c_str(), delivery.city.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = EXAMPLES_DATA "/orders";
  return examples::run_example(
      argc, argv, "Joins orders with their customers", folder, [](const std::string& data) {
        examples::EmbeddedRun run{order_enrichment(),
                                  {{"orders", 2}, {"customers", 2}, {"deliveries", 2}}};
        for (const auto& row : examples::read_rows(data + "/customers.csv", 4)) {
          run.produce<std::string, Customer>("customers", row[1], Customer{row[2], row[3]},
                                             examples::time_of_day(row[0]));
        }
        for (const auto& row : examples::read_rows(data + "/orders.csv", 4)) {
          run.produce<std::string, Order>("orders", row[1], Order{row[2], row[3]},
                                          examples::time_of_day(row[0]));
        }
        if (!run.run_to_end()) return 1;
        show(run);
        return 0;
      });
}
