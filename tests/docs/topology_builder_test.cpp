#include "docs/snippet.h"

#include <memory>
#include <utility>

namespace moldau::test {
namespace {

class ByHand : public Snippet {
 protected:
  ByHand() {
    input<std::string, std::int64_t>("orders");
    input<std::string, std::int64_t>("limits");
    for (const char* topic : {"big", "small", "checked"}) {
      output<std::string, std::int64_t>(topic);
    }
  }
  TopologyBuilder builder;
};

// [topology builder]
class BySize : public Processor<std::string, std::int64_t, std::string, std::int64_t> {
 public:
  void process(const Record<std::string, std::int64_t>& order) override {
    context().forward(order, order.value() >= 100 ? "big" : "small");
  }
};

Topology by_size() {
  TopologyBuilder builder;
  builder.add_source<std::string, std::int64_t>("orders", {"orders"})
      .add_processor<BySize>("by-size", {"orders"})
      .add_sink<std::string, std::int64_t>("big", "big", {"by-size"})
      .add_sink<std::string, std::int64_t>("small", "small", {"by-size"});
  return builder.build();
}
// [topology builder end]

TEST_F(ByHand, SourceProcessorSink) {
  expect(by_size(), R"(
    orders ann 250 @1   ->  big ann 250 @1
    orders - 7 @2       ->  small - 7 @2
    orders ann - @3     ->  error
  )");
}

}  // namespace
}  // namespace moldau::test
