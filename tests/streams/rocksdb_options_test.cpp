// Config::rocksdb_config_setter in an application: every store on disk is opened with what it says.

#include "moldau/state/rocksdb_options.h"

#include "streams/embedded_application.h"

#include <gmock/gmock.h>
#include <rocksdb/options.h>
#include <rocksdb/utilities/options_util.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>

namespace moldau {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RocksDbOptionsOfAnApplication : public EmbeddedApplication {
 protected:
  RocksDbOptionsOfAnApplication() {
    broker_.create_topic("lines", 2);
    broker_.create_topic("rates");
    broker_.produce<std::string, std::string>("lines", "a", "x");
    broker_.produce<std::string, std::string>("rates", "a", "x");
  }

  // A store on disk and one in memory for each of two tasks, and a global one on disk.
  static Topology topology() {
    StreamsBuilder builder;
    static_cast<void>(
        builder.global_table<std::string, std::string>("rates", {}, {.name = "rates"}));
    const auto grouped = builder.stream<std::string, std::string>("lines").group_by_key();
    static_cast<void>(grouped.count({.name = "on-disk"}));
    static_cast<void>(grouped.count({.name = "in-memory", .type = StoreType::in_memory}));
    return builder.build();
  }

  // Of each database below the state folder, as it has written them down.
  [[nodiscard]] std::vector<int> write_buffers_in_use() const {
    std::vector<int> numbers;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder_.path()}) {
      if (entry.path().filename() != "CURRENT") continue;
      rocksdb::DBOptions options;
      std::vector<rocksdb::ColumnFamilyDescriptor> families;
      const rocksdb::Status read = rocksdb::LoadLatestOptions(
          entry.path().parent_path().string(), rocksdb::Env::Default(), &options, &families);
      if (!read.ok()) throw std::runtime_error(read.ToString());
      numbers.push_back(families.at(0).options.max_write_buffer_number);
    }
    return numbers;
  }
};

TEST_F(RocksDbOptionsOfAnApplication, AreThoseOfTheSetterInEveryStoreOnDisk) {
  std::mutex mutex;  // guards asked: tasks and global stores are opened on threads of their own
  std::multiset<std::string> asked;
  Config config = this->config();
  config.rocksdb_config_setter = [&](std::string_view store, rocksdb::Options& options) {
    const std::lock_guard lock{mutex};
    asked.emplace(store);
    options.max_write_buffer_number = 7;
  };

  const auto streams = start(topology(), config);
  ASSERT_TRUE(eventually(patience, [&] { return broker_.caught_up("app", "lines"); }));
  ASSERT_TRUE(streams->close());

  EXPECT_THAT(asked, UnorderedElementsAre("on-disk", "on-disk", "rates"));
  EXPECT_THAT(write_buffers_in_use(), SizeIs(3));
  EXPECT_THAT(write_buffers_in_use(), Each(7));
}

TEST_F(RocksDbOptionsOfAnApplication, StopItIfTheSetterThrows) {
  Config config = this->config();
  config.rocksdb_config_setter = [](std::string_view store, rocksdb::Options&) {
    if (store == "on-disk") throw std::runtime_error("no such compression");
  };

  const auto streams = start(topology(), config);

  EXPECT_THAT(failure_of(*streams), HasSubstr("no such compression"));
}

}  // namespace
}  // namespace moldau
