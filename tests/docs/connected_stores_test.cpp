#include "docs/snippet.h"

#include <memory>

namespace moldau::test {
namespace {

class StoresByHand : public Snippet {
 protected:
  StoresByHand() {
    input<std::string, std::int64_t>("orders");
    input<std::string, std::int64_t>("limits");
    output<std::string, std::int64_t>("checked");
  }
};

// [connect stores]
class Limit : public Processor<std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    limits_ = context.key_value_store<std::string, std::int64_t>("limits");
  }
  void process(const Record<std::string, std::int64_t>& limit) override {
    limits_.put(limit.key(), limit.value_or_null());  // a null deletes
  }

 private:
  KeyValueStore<std::string, std::int64_t> limits_;
};

class Check : public Processor<std::string, std::int64_t, std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    limits_ = context.key_value_store<std::string, std::int64_t>("limits");
  }
  void process(const Record<std::string, std::int64_t>& order) override {
    if (order.value() <= limits_.get(order.key()).value_or(100)) context().forward(order);
  }

 private:
  KeyValueStore<std::string, std::int64_t> limits_;
};

Topology limited_orders() {
  TopologyBuilder builder;
  builder.add_source<std::string, std::int64_t>("orders", {"orders"})
      .add_source<std::string, std::int64_t>("limits", {"limits"})
      .add_processor<Limit>("limit", {"limits"})
      .add_processor<Check>("check", {"orders"})
      .add_state_store(persistent_key_value_store<std::string, std::int64_t>("limits"), {"limit"})
      .connect_processor_and_state_stores("check", {"limits"})
      .add_sink<std::string, std::int64_t>("checked", "checked", {"check"});
  return builder.build();
}
// [connect stores end]

TEST_F(StoresByHand, AreShared) {
  expect(limited_orders(), R"(
    orders ann 250 @1   ->  nothing
    limits ann 300 @9   ->  nothing
    orders ann 250 @2   ->  checked ann 250 @2
    limits ann - @10    ->  nothing
    orders ann 250 @3   ->  nothing
  )");
}

// [filled stores]
Topology orders_limited_by_a_topic() {
  TopologyBuilder builder;
  auto limits = persistent_key_value_store<std::string, std::int64_t>("limits", {.logging = false});
  builder
      .add_read_only_state_store(limits, "limits", "limits", "limit",
                                 [] { return std::make_unique<Limit>(); })
      .add_source<std::string, std::int64_t>("orders", {"orders"})
      .add_processor<Check>("check", {"orders"}, {"limits"})
      .add_sink<std::string, std::int64_t>("checked", "checked", {"check"});
  return builder.build();
}
// [filled stores end]

TEST_F(StoresByHand, AreFilledFromTopics) {
  expect(orders_limited_by_a_topic(), R"(
    orders ann 250 @1   ->  nothing
    limits ann 300 @9   ->  nothing
    orders ann 250 @2   ->  checked ann 250 @2
  )");
}

// [global store by hand]
Topology orders_limited_everywhere() {
  TopologyBuilder builder;
  auto limits = in_memory_key_value_store<std::string, std::int64_t>("limits", {.logging = false});
  builder
      .add_global_store(limits, "limits", "limits", "limit",
                        [] { return std::make_unique<Limit>(); })
      .add_source<std::string, std::int64_t>("orders", {"orders"})
      .add_processor<Check>("check", {"orders"})
      .add_sink<std::string, std::int64_t>("checked", "checked", {"check"});
  return builder.build();
}
// [global store by hand end]

TEST_F(StoresByHand, AreGlobal) {
  expect(orders_limited_everywhere(), R"(
    orders ann 250 @1   ->  nothing
    limits ann 300 @9   ->  nothing
    orders ann 250 @2   ->  checked ann 250 @2
  )");
}

}  // namespace
}  // namespace moldau::test
