#include "moldau/dsl/streams_builder.h"
#include "moldau/serde/builtin.h"

#include "allocation/counting_new.h"
#include "allocation/fed_task.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace moldau {
namespace {

bool is_kept(const std::string& value) { return value.find("kept") != std::string::npos; }

TEST(StatelessPath, ARecordCostsNoHeapAllocation) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .filter(is_kept)
      .map_values([](const std::string& value) { return static_cast<std::int64_t>(value.size()); })
      .select_key([](const std::string& key, std::int64_t length) {
        return static_cast<std::int64_t>(key.size()) + length;
      })
      .to("out");
  FedTask task{builder.build()};
  task.process(100);  // buffers reach their size
  task.sink.records = task.sink.bytes = 0;

  const std::int64_t before = allocations();
  task.process(100);
  const std::int64_t after = allocations();

  EXPECT_EQ(0, after - before) << "allocations for " << 100 * FedTask::batch_size << " records";
  EXPECT_EQ(100 * FedTask::batch_size / 2, task.sink.records);
  EXPECT_EQ(100 * FedTask::batch_size / 2 * 16, task.sink.bytes);
}

TEST(StatelessPath, StringsKeepTheirMemory) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").filter(is_kept).to("out");
  FedTask task{builder.build()};
  task.process(100);

  const std::int64_t before = allocations();
  task.process(100);
  const std::int64_t after = allocations();

  EXPECT_EQ(0, after - before);
}

TEST(StatelessPath, AnAllocationOfTheUsersIsSeen) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string& value) { return value + "!"; })
      .to("out");
  FedTask task{builder.build()};
  task.process(100);

  const std::int64_t before = allocations();
  task.process(1);
  const std::int64_t after = allocations();

  EXPECT_GE(after - before, static_cast<std::int64_t>(FedTask::batch_size));
}

}  // namespace
}  // namespace moldau
