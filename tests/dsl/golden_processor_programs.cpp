#include "moldau/state/stores.h"

#include "dsl/golden_programs.h"
#include "dsl/plain_serdes.h"

#include <array>
#include <memory>
#include <string>

namespace moldau::test {

namespace {

using S = std::string;

class PassOn final : public Processor<S, S, S, S> {
 public:
  void process(const Record<S, S>& record) override { context().forward(record); }
};

class PassValueOn final : public FixedKeyProcessor<S, S, S> {
 public:
  void process(const FixedKeyRecord<S, S>& record) override { context().forward(record); }
};

void stateless_all(StreamsBuilder& b) {
  const auto always = [](const S&) { return true; };
  const auto look = [](const S&) {};
  const auto in = b.stream<S, S>("in");
  in.filter(always)
      .filter_not(always)
      .map_values([](const S& v) { return v; })
      .map([](const S& k, const S& v) {
        return KeyValue{k, v};
      })
      .flat_map([](const S& k, const S& v) {
        return std::array{KeyValue{k, v}};
      })
      .flat_map_values([](const S& v) { return std::array{v}; })
      .peek(look)
      .select_key([](const S& v) { return v; })
      .process<PassOn>()
      .process_values<PassValueOn>()
      .to("out");
  in.for_each(look);
  // The reference's print() is a for_each() of another name.
  in.for_each(look, {.name = "KSTREAM-PRINTER-0000000013"});
  in.to([](const S&) { return "dynamic"; });
}

void stores_and_global_store(StreamsBuilder& b) {
  b.add_state_store(persistent_key_value_store<S, S>("s1"));
  b.add_global_store(persistent_key_value_store<S, S>("g1"), "gtopic",
                     [] { return std::make_unique<PassOn>(); });
  b.stream<S, S>("in").process<PassOn>({.stores = {"s1"}}).to("o1");
  b.stream<S, S>("in2").process_values<PassValueOn>({.name = "pv", .stores = {"s1"}}).to("o2");
}

}  // namespace

void add_processor_programs(Programs& all) {
  all["stateless_all"] = stateless_all;
  all["stores_and_global_store"] = stores_and_global_store;
}

}  // namespace moldau::test
