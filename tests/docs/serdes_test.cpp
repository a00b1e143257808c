#include "moldau/moldau.h"
#include "moldau/serde/json.h"
#include "moldau/serde/json_optional.h"
#include "moldau/serde/windowed.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

// [own serde]
struct Money {
  std::int64_t cents = 0;
  std::string currency;
};

template <>
struct moldau::Serde<Money> {
  static void serialize(const Money& money, ByteBuffer& out) {
    Serde<std::int64_t>::serialize(money.cents, out);
    Serde<std::string>::serialize(money.currency, out);
  }
  static void deserialize(Bytes bytes, Money& money) {
    if (bytes.size() != 11) {
      throw SerdeError("Money: expected 8 bytes of cents and 3 of currency, found " +
                       std::to_string(bytes.size()) + " bytes");
    }
    Serde<std::int64_t>::deserialize(bytes.first(8), money.cents);
    Serde<std::string>::deserialize(bytes.without_first(8), money.currency);
  }
};
// [own serde end]

// [json]
struct Order {
  std::string item;
  std::int32_t count = 0;
  std::optional<std::string> note;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, item, count, note)

template <>
struct moldau::Serde<Order> : moldau::JsonSerde<Order> {};
// [json end]

namespace moldau {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TopologyTestDriver;
using namespace std::chrono_literals;

class Keys;

// [serde instance]
// Texts that nobody but the two of us shall read. `Keys` finds the key by its number.
class SecretText final : public SerdeInstance<std::string> {
 public:
  explicit SecretText(std::shared_ptr<const Keys> keys) : keys_(std::move(keys)) {}
  void serialize(const std::string& text, ByteBuffer& out) const override;
  void deserialize(Bytes bytes, std::string& text) const override;

 private:
  std::shared_ptr<const Keys> keys_;  // shared with the serdes of other topics
};
// [serde instance end]

class Keys {
 public:
  explicit Keys(char key) : key_(key) {}
  [[nodiscard]] char key() const { return key_; }

 private:
  char key_;
};

void SecretText::serialize(const std::string& text, ByteBuffer& out) const {
  for (const char c : text) out.append(static_cast<std::byte>(c ^ keys_->key()));
}
void SecretText::deserialize(Bytes bytes, std::string& text) const {
  text = bytes.text();
  for (char& c : text) c = static_cast<char>(c ^ keys_->key());
}

template <class T>
std::string written(const T& value) {
  ByteBuffer out;
  Serde<T>::serialize(value, out);
  return out.take_text();
}

TEST(SerdesChapter, ATypeOfYours) {
  StreamsBuilder builder;
  builder.stream<std::string, Money>("in")
      .filter([](const Money& m) { return m.cents > 0; })
      .to("out");
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};

  driver.input_topic<std::string, Money>("in").pipe("a", Money{5, "EUR"});

  EXPECT_EQ((driver.output_topic<std::string, Money>("out").read_values().front()->currency),
            "EUR");
  Money read;
  EXPECT_THROW(Serde<Money>::deserialize(Bytes{std::string_view{"short"}}, read), SerdeError);
}

TEST(SerdesChapter, AnInstance) {
  StreamsBuilder builder;
  const auto keys = std::make_shared<const Keys>('\x55');
  // [serde option]
  const std::shared_ptr<const SerdeInstance<std::string>> secret =
      std::make_shared<SecretText>(keys);
  builder.stream<std::string, std::string>("notes", {.value_serde = secret})
      .filter([](const std::string& note) { return !note.empty(); })
      .to("kept-notes", {.value_serde = secret});
  // [serde option end]
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};

  driver.input_topic<std::string, std::string>("notes", Timestamp{0}, {}, {}, secret)
      .pipe("a", "hello");

  EXPECT_THAT(
      (driver.output_topic<std::string, std::string>("kept-notes", {}, secret).read_values()),
      ElementsAre("hello"));
}

TEST(SerdesChapter, Json) {
  EXPECT_EQ(written(Order{"tea", 2, std::nullopt}), R"({"count":2,"item":"tea","note":null})");
  Order order;
  Serde<Order>::deserialize(Bytes{std::string_view{R"({"item":"salt","more":[1]})"}}, order);
  EXPECT_EQ(order.item, "salt");
  EXPECT_EQ(order.count, 0);
}

TEST(SerdesChapter, JsonWithLimits) {
  StreamsBuilder builder;
  // [json limits]
  builder.stream<std::string, Order>(
      "orders", {.value_serde = json_serde<Order>({.max_bytes = 10'000, .max_depth = 8})});
  // [json limits end]
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};
  auto orders = driver.input_topic<std::string, Order>("orders");

  EXPECT_THROW(orders.pipe("a", Order{std::string(10'001, 'x'), 1, {}}), StreamsError);
}

TEST(SerdesChapter, Lists) {
  // [list]
  std::vector<std::int32_t> numbers = {1, 2, 3};
  std::vector<std::optional<std::string>> words = {"a", std::nullopt, "b"};
  // [list end]

  EXPECT_EQ(written(numbers).size(), 1 + 4 + 4 + 3 * 4U);
  std::vector<std::optional<std::string>> read;
  Serde<decltype(words)>::deserialize(Bytes{std::string_view{written(words)}}, read);
  EXPECT_EQ(read, words);
}

TEST(SerdesChapter, Nulls) {
  StreamsBuilder builder;
  // [nulls as values]
  builder.stream<std::string, std::optional<std::int64_t>>("readings")
      .map_values([](const std::optional<std::int64_t>& reading) { return reading.value_or(0); })
      .to("numbers");
  // [nulls as values end]
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};
  auto readings = driver.input_topic<std::string, std::int64_t>("readings");

  readings.pipe("a", 7);
  readings.pipe("a", std::nullopt);

  EXPECT_THAT((driver.output_topic<std::string, std::int64_t>("numbers").read_values()),
              ElementsAre(7, 0));
}

TEST(SerdesChapter, WindowedKeys) {
  StreamsBuilder counting;
  counting.stream<std::string, std::string>("visits")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 5min})
      .count()
      .to_stream()
      .to("visits-per-window");
  TopologyTestDriver counter{counting.build(), {.application_id = "counting"}};
  StreamsBuilder builder;
  // [windowed serde]
  builder
      .stream<Windowed<std::string>, std::int64_t>(
          "visits-per-window", {.key_serde = time_windowed_serde<std::string>(5min)})
      .map([](const Windowed<std::string>& page, std::int64_t visits) {
        return KeyValue{page.key, std::to_string(page.window.start.milliseconds()) + ": " +
                                      std::to_string(visits)};
      })
      .to("report");
  // [windowed serde end]
  TopologyTestDriver reader{builder.build(), {.application_id = "reading"}};
  // [windowed map]
  std::unordered_map<Windowed<std::string>, std::int64_t> latest;
  // [windowed map end]

  counter.input_topic<std::string, std::string>("visits").pipe("home", "x", Timestamp{300'001});
  const auto counts = counter
                          .output_topic<Windowed<std::string>, std::int64_t>(
                              "visits-per-window", time_windowed_serde<std::string>(5min))
                          .read_key_values();
  ASSERT_EQ(counts.size(), 1U);
  latest[*counts[0].first] = *counts[0].second;
  reader
      .input_topic<Windowed<std::string>, std::int64_t>("visits-per-window", Timestamp{0}, {},
                                                        time_windowed_serde<std::string>(5min))
      .pipe(*counts[0].first, *counts[0].second);

  EXPECT_THAT((reader.output_topic<std::string, std::string>("report").read_values()),
              ElementsAre("300000: 1"));
  EXPECT_EQ((latest[{"home", {Timestamp{300'000}, Timestamp{600'000}}}]), 1);
}

}  // namespace
}  // namespace moldau
