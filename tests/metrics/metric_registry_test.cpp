#include "moldau/metrics/metric_registry.h"

#include "moldau/metrics/sensors.h"
#include "moldau/testing/manual_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace moldau {
namespace {

using ::testing::UnorderedElementsAre;

MetricName dropped(const std::string& task) {
  return {"dropped-records-total", "stream-task-metrics", {{"task-id", task}}};
}

TEST(MetricRegistry, GivesOneCounterForOneName) {
  MetricRegistry registry;
  Counter& counter = registry.counter(dropped("0_0"));

  counter.add();
  registry.counter(dropped("0_0")).add(4);

  EXPECT_EQ(&registry.counter(dropped("0_0")), &counter);
  EXPECT_NE(&registry.counter(dropped("0_1")), &counter);
  EXPECT_EQ(counter.value(), 5U);
}

TEST(MetricRegistry, SumsANameOverItsTags) {
  MetricRegistry registry;
  registry.counter(dropped("0_0")).add(1);
  registry.counter(dropped("0_1")).add(2);
  registry.counter({"other-total", "stream-task-metrics", {}}).add(100);
  registry.gauge({"dropped-records-total", "another-group", {}}, [] { return 0.5; });

  EXPECT_EQ(registry.sum("dropped-records-total"), 3.5);
  EXPECT_EQ(registry.sum("unknown"), 0);
}

TEST(MetricRegistry, ReadsGaugesWhenSomebodyLooks) {
  MetricRegistry registry;
  double size = 1;
  const MetricName name{"size", "state", {}};
  registry.gauge(name, [&size] { return size; });

  EXPECT_EQ(registry.sum("size"), 1);
  size = 2;
  EXPECT_EQ(registry.sum("size"), 2);
  registry.gauge(name, [] { return 7.0; });
  EXPECT_EQ(registry.sum("size"), 7);
  registry.remove_gauge(name);
  registry.remove_gauge(name);
  EXPECT_EQ(registry.sum("size"), 0);
}

TEST(MetricRegistry, ShowsNamesGroupsTagsAndValues) {
  MetricRegistry registry;
  registry.counter(dropped("0_0")).add(3);
  registry.gauge({"size", "state", {}}, [] { return 0.25; });

  std::vector<std::pair<std::string, double>> shown;
  for (const MetricValue& metric : registry.snapshot()) {
    shown.emplace_back(metric.name.group + "/" + metric.name.name, metric.value);
  }

  EXPECT_THAT(shown, UnorderedElementsAre(
                         std::pair{std::string{"stream-task-metrics/dropped-records-total"}, 3.0},
                         std::pair{std::string{"state/size"}, 0.25}));
}

class ValueSensors : public ::testing::Test {
 protected:
  MetricRegistry registry;
  testing::ManualClock clock;
  ValueSensor& sizes = registry.value_sensor({"size", "state", {}}, clock);
};

TEST_F(ValueSensors, ShowTheAverageAndTheHighest) {
  sizes.record(1);
  sizes.record(5);
  ValueSensor::Batch batch;
  batch.add(2);
  batch.add(8);
  sizes.record(batch);

  EXPECT_EQ(&registry.value_sensor({"size", "state", {}}, clock), &sizes);
  EXPECT_EQ(registry.sum("size-avg"), 4);
  EXPECT_EQ(registry.sum("size-max"), 8);
  EXPECT_EQ(registry.snapshot().size(), 2U) << "the count of the values is no metric";
}

TEST_F(ValueSensors, AreNotANumberBeforeTheFirstValue) {
  sizes.record(ValueSensor::Batch{});

  EXPECT_TRUE(std::isnan(registry.sum("size-avg")));
  EXPECT_TRUE(std::isnan(registry.sum("size-max")));
}

TEST_F(ValueSensors, ForgetWhatIsMoreThanAMinuteOld) {
  sizes.record(8);
  static_cast<void>(registry.snapshot());
  for (int i = 0; i < 3; ++i) {
    clock.advance(std::chrono::seconds{31});
    sizes.record(2);
    static_cast<void>(registry.snapshot());
  }

  EXPECT_EQ(registry.sum("size-avg"), 2);
  EXPECT_EQ(registry.sum("size-max"), 2);
}

TEST(MetricRegistry, LosesNoAdditionOfAnyThread) {
  MetricRegistry registry;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&registry] {
      for (int j = 0; j < 10'000; ++j) registry.counter(dropped("0_0")).add();
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(registry.counter(dropped("0_0")).value(), 40'000U);
}

}  // namespace
}  // namespace moldau
