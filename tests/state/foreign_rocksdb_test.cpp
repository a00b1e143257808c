#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

namespace moldau::state {
namespace {

using ::testing::HasSubstr;

// Makes a RocksDB as another program would, and opens it as a store.
class ForeignRocksDb : public ::testing::Test {
 protected:
  std::unique_ptr<rocksdb::DB> make() {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, path(), &db).ok());
    return std::unique_ptr<rocksdb::DB>{db};
  }
  std::string path() const { return (folder_.path() / "store").string(); }

  template <class E>
  std::string error_of_open() {
    try {
      static_cast<void>(storage_->open(path()));
    } catch (const E& error) {
      return error.what();
    }
    return "none";
  }
  void write(std::string_view key, std::string_view value) {
    EXPECT_TRUE(make()
                    ->Put({}, rocksdb::Slice{key.data(), key.size()},
                          rocksdb::Slice{value.data(), value.size()})
                    .ok());
  }

  TemporaryFolder folder_;
  std::shared_ptr<Storage> storage_ = make_rocksdb_storage();
};

constexpr std::string_view format_key{"\0format", 7};
constexpr std::string_view position_key{"\0position", 9};

TEST_F(ForeignRocksDb, WithDataIsRefused) {
  write("k", "v");

  EXPECT_THAT(error_of_open<StateStoreError>(), HasSubstr("that this library did not write"));
}

TEST_F(ForeignRocksDb, WithColumnFamiliesIsRefused) {
  rocksdb::ColumnFamilyHandle* family = nullptr;
  const auto db = make();
  ASSERT_TRUE(db->CreateColumnFamily({}, "keyValueWithTimestamp", &family).ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  ASSERT_TRUE(db->Close().ok());

  EXPECT_THAT(error_of_open<StateStoreError>(), HasSubstr("not files of this library"));
}

TEST_F(ForeignRocksDb, OfANewerFormatIsRefusedWithBothNumbers) {
  write(format_key, std::string_view{"\0\0\0\x09", 4});

  const std::string message = error_of_open<StateStoreError>();
  EXPECT_THAT(message, HasSubstr("has format 9"));
  EXPECT_THAT(message, HasSubstr("reads format 1"));
}

TEST_F(ForeignRocksDb, WithAFormatThatIsNoneIsDamaged) {
  write(format_key, "x");

  EXPECT_THAT(error_of_open<StoreDamaged>(), HasSubstr("its format cannot be read"));
}

TEST_F(ForeignRocksDb, WithAPositionThatIsNoneIsDamaged) {
  static_cast<void>(storage_->open(path()));
  write(position_key, "x");

  EXPECT_THAT(error_of_open<StoreDamaged>(), HasSubstr("its position cannot be read"));
}

}  // namespace
}  // namespace moldau::state
