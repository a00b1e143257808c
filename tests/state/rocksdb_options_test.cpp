#include "moldau/state/rocksdb_options.h"

#include "moldau/serde/builtin.h"
#include "moldau/state/storage.h"
#include "moldau/state/stores.h"
#include "moldau/testing/topology_test_driver.h"
#include "moldau/topology/topology_builder.h"

#include "base/temporary_folder.h"
#include "state/store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/comparator.h>
#include <rocksdb/options.h>
#include <rocksdb/utilities/options_util.h>

#include <string>
#include <vector>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;

class RocksDbOptions : public ::testing::Test {
 protected:
  std::unique_ptr<StorageMap> open(RocksDbOptionsSetter setter) {
    return with_rocksdb_options(make_rocksdb_storage(), std::move(setter))->open(path());
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "counts"; }
  // As the database has written them down.
  [[nodiscard]] rocksdb::Options options_in_use() const {
    rocksdb::Options options;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    const rocksdb::Status read =
        rocksdb::LoadLatestOptions(path().string(), rocksdb::Env::Default(), &options, &families);
    if (!read.ok()) throw std::runtime_error(read.ToString());
    return rocksdb::Options{options, families.at(0).options};
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(RocksDbOptions, AreThoseOfTheSetterWhichIsToldTheStore) {
  std::vector<std::string> asked;
  const auto map = open([&asked](std::string_view store, rocksdb::Options& options) {
    asked.emplace_back(store);
    options.max_write_buffer_number = 7;
    options.max_open_files = 33;
  });

  EXPECT_THAT(asked, ElementsAre("counts"));
  EXPECT_EQ(options_in_use().max_write_buffer_number, 7);
  EXPECT_EQ(options_in_use().max_open_files, 33);
}

TEST_F(RocksDbOptions, WhatStoresRelyOnCannotBeChanged) {
  const auto map = open([](std::string_view, rocksdb::Options& options) {
    options.create_if_missing = false;
    options.error_if_exists = true;
    options.comparator = rocksdb::ReverseBytewiseComparator();
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  });
  const std::vector<StorageWrite> rows{{bytes("b"), bytes("2")}, {bytes("a"), bytes("1")}};
  map->apply(rows, std::nullopt);

  EXPECT_THAT(read_all(map->range(ByteRange::all(), Direction::forward)),
              ElementsAre(std::pair{std::string{"a"}, std::string{"1"}},
                          std::pair{std::string{"b"}, std::string{"2"}}));
  EXPECT_EQ(options_in_use().wal_recovery_mode, rocksdb::WALRecoveryMode::kPointInTimeRecovery);
}

TEST_F(RocksDbOptions, WhatTheSetterThrowsKeepsTheStoreClosed) {
  EXPECT_THROW(open([](std::string_view, rocksdb::Options&) { throw std::runtime_error("no"); }),
               std::runtime_error);
}

// Takes records, and does nothing with them.
class Idle final : public Processor<std::string, std::string> {
 public:
  void process(const Record<std::string, std::string>& /*record*/) override {}
};

TEST_F(RocksDbOptions, AreAskedForByTheConfiguration) {
  TopologyBuilder topology;
  topology.add_source<std::string, std::string>("source", {"in"})
      .add_processor<Idle>("idle", {"source"},
                           {persistent_key_value_store<std::string, std::string>("counts"),
                            in_memory_key_value_store<std::string, std::string>("memory")});
  std::vector<std::string> asked;
  Config config{.application_id = "app"};
  config.rocksdb_config_setter = [&asked](std::string_view store, rocksdb::Options& options) {
    asked.emplace_back(store);
    options.max_write_buffer_number = 5;
  };

  const testing::TopologyTestDriver driver{
      topology.build(), std::move(config), {.state_dir = path().parent_path()}};

  EXPECT_THAT(asked, ElementsAre("counts"));
  EXPECT_EQ(options_in_use().max_write_buffer_number, 5);
}

TEST_F(RocksDbOptions, WithoutASetterTheStorageIsTheSame) {
  const std::shared_ptr<Storage> storage = make_rocksdb_storage();

  EXPECT_EQ(with_rocksdb_options(storage, nullptr), storage);
}

}  // namespace
}  // namespace moldau::state
