#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace moldau::state {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RocksDbFiles : public ::testing::Test {
 protected:
  fs::path path_of(std::string_view name) const { return folder_.path() / name; }
  std::unique_ptr<StorageMap> open() { return storage_->open(path_of("store")); }

  // A store with so much in it that it has table files, closed again.
  void make_store_with_tables() {
    {
      const auto map = open();
      const std::string value(100'000, 'v');
      for (int i = 0; i < 400; ++i) {
        const std::string key = "key-" + std::to_string(i);
        map->apply(std::vector<StorageWrite>{{bytes(key), bytes(value)}}, position(i));
      }
    }
    // Closing does not wait for tables that are being written. Opening writes what is in the log.
    static_cast<void>(open());
  }
  std::vector<fs::path> files(std::string_view extension) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(path_of("store"))) {
      if (entry.path().extension() == extension) found.push_back(entry.path());
    }
    return found;
  }
  static void write(const fs::path& path, std::string_view text) {
    std::ofstream{path, std::ios::binary} << text;
  }

  template <class E>
  std::string error_of_open(const fs::path& path) {
    try {
      static_cast<void>(storage_->open(path));
    } catch (const E& error) {
      return error.what();
    } catch (const std::exception& error) {
      return std::string{"of another type: "} + error.what();
    }
    return "none";
  }

  TemporaryFolder folder_;
  std::shared_ptr<Storage> storage_ = make_rocksdb_storage();
};

TEST_F(RocksDbFiles, HoldWhatWasCommittedWhenOpenedAgain) {
  ChangelogPosition reached = position(42);
  reached.topic_id = "topic";
  open()->apply(std::vector<StorageWrite>{{bytes("a"), bytes("1")}}, reached);

  const auto again = open();

  EXPECT_EQ(get(*again, "a"), "1");
  EXPECT_EQ(again->position(), reached);
}

TEST_F(RocksDbFiles, OfAStoreThatWasOpenedOnlyAreThoseOfAnEmptyStore) {
  static_cast<void>(open());

  EXPECT_EQ(open()->position(), std::nullopt);
  EXPECT_EQ(open()->approximate_entries(), 0U);
}

TEST_F(RocksDbFiles, AreMadeWithTheFoldersAboveThem) {
  static_cast<void>(storage_->open(path_of("a") / "b" / "c"));

  EXPECT_TRUE(fs::exists(path_of("a") / "b" / "c" / "CURRENT"));
}

TEST_F(RocksDbFiles, WithADamagedTableAreReportedAsDamaged) {
  make_store_with_tables();
  ASSERT_FALSE(files(".sst").empty());
  for (const fs::path& table : files(".sst")) {
    std::fstream file{table, std::ios::binary | std::ios::in | std::ios::out};
    for (const int place : {100, 3000, 10'000}) {
      file.seekp(place);
      file << std::string(64, '\x5a');
    }
  }

  EXPECT_THROW(
      {
        const auto map = open();
        read_all(map->range(ByteRange::all(), Direction::forward));
      },
      StoreDamaged);
}

TEST_F(RocksDbFiles, WithoutATableAreReportedAsDamaged) {
  make_store_with_tables();
  ASSERT_FALSE(files(".sst").empty());
  for (const fs::path& table : files(".sst")) fs::remove(table);

  EXPECT_THAT(error_of_open<StoreDamaged>(path_of("store")), HasSubstr(path_of("store").string()));
}

TEST_F(RocksDbFiles, WithACutTableAreReportedAsDamaged) {
  make_store_with_tables();
  ASSERT_FALSE(files(".sst").empty());
  fs::resize_file(files(".sst").front(), 1000);

  EXPECT_THAT(error_of_open<StoreDamaged>(path_of("store")), HasSubstr(path_of("store").string()));
}

TEST_F(RocksDbFiles, WithADamagedListOfTablesAreReportedAsDamaged) {
  static_cast<void>(open());
  write(path_of("store") / "CURRENT", "nonsense\n");

  EXPECT_THAT(error_of_open<StoreDamaged>(path_of("store")), HasSubstr("CURRENT"));
}

TEST_F(RocksDbFiles, WithoutCurrentAreNotStartedAfresh) {
  make_store_with_tables();
  fs::remove(path_of("store") / "CURRENT");

  EXPECT_THAT(error_of_open<StoreDamaged>(path_of("store")), HasSubstr("CURRENT is missing"));
  EXPECT_FALSE(files(".sst").empty());
}

TEST_F(RocksDbFiles, AnyFileOfAFinishedStoreSaysThatCurrentIsMissing) {
  fs::create_directories(path_of("store"));
  write(path_of("store") / "OPTIONS-000022", "options");

  EXPECT_THAT(error_of_open<StoreDamaged>(path_of("store")), HasSubstr("CURRENT is missing"));
}

TEST_F(RocksDbFiles, AreRebuiltByDestroyAndOpen) {
  make_store_with_tables();
  fs::remove(path_of("store") / "CURRENT");

  storage_->destroy(path_of("store"));

  EXPECT_EQ(open()->approximate_entries(), 0U);
}

TEST_F(RocksDbFiles, ThatACrashLeftUnfinishedAreTakenOver) {
  fs::create_directories(path_of("store"));
  for (const char* file : {"LOCK", "LOG", "IDENTITY", "MANIFEST-000001", "000001.dbtmp"}) {
    write(path_of("store") / file, "");
  }

  EXPECT_EQ(open()->position(), std::nullopt);
}

// The log is not synced at commits: a machine that loses power loses its end.
TEST_F(RocksDbFiles, WithALogThatIsCutHoldAnEarlierCommit) {
  constexpr int commits = 50;
  {
    const auto map = open();
    for (int i = 1; i <= commits; ++i) {
      map->apply(std::vector<StorageWrite>{{bytes("a"), bytes(std::to_string(i))},
                                           {bytes("b"), bytes(std::to_string(i))}},
                 position(i));
    }
  }
  ASSERT_EQ(files(".log").size(), 1U);
  fs::copy(path_of("store"), path_of("whole"));
  const std::uintmax_t size = fs::file_size(files(".log").front());

  std::int64_t last = commits + 1;
  for (std::uintmax_t cut = 0; cut < size; cut += size / 23) {
    fs::remove_all(path_of("store"));
    fs::copy(path_of("whole"), path_of("store"));
    fs::resize_file(files(".log").front(), size - cut);

    const auto map = open();

    const auto reached = map->position();
    const std::string number = reached ? std::to_string(reached->next.value()) : "";
    EXPECT_EQ(get(*map, "a").value_or(""), number) << "cut by " << cut;
    EXPECT_EQ(get(*map, "b").value_or(""), number) << "cut by " << cut;
    EXPECT_LE(reached ? reached->next.value() : 0, last);
    last = reached ? reached->next.value() : 0;
  }
  EXPECT_LT(last, commits / 4);
}

TEST_F(RocksDbFiles, AreLockedAgainstASecondOpening) {
  const auto first = open();

  EXPECT_THAT(error_of_open<StateStoreError>(path_of("store")),
              AllOf(HasSubstr(path_of("store").string()), HasSubstr("has the store open")));
}

TEST_F(RocksDbFiles, AreNotDestroyedWhileOpen) {
  const auto first = open();
  first->apply(std::vector<StorageWrite>{{bytes("a"), bytes("1")}}, std::nullopt);

  EXPECT_THROW(storage_->destroy(path_of("store")), StateStoreError);

  EXPECT_EQ(get(*first, "a"), "1");
}

TEST_F(RocksDbFiles, AreNotMadeWhereAFileIs) {
  write(path_of("store"), "a file");

  EXPECT_THAT(error_of_open<StateStoreError>(path_of("store")),
              AllOf(HasSubstr(path_of("store").string()), HasSubstr("Not a directory")));
}

TEST_F(RocksDbFiles, AreNotMadeBetweenFilesOfSomebodyElse) {
  fs::create_directories(path_of("store"));
  write(path_of("store") / "letters.txt", "dear");

  EXPECT_THAT(error_of_open<StateStoreError>(path_of("store")), HasSubstr("letters.txt"));

  EXPECT_FALSE(fs::exists(path_of("store") / "CURRENT"));
}

TEST_F(RocksDbFiles, AreNotLookedForBehindALink) {
  make_store_with_tables();
  fs::create_directories(path_of("elsewhere"));
  fs::rename(path_of("store"), path_of("elsewhere") / "store");
  fs::create_directory_symlink(path_of("elsewhere") / "store", path_of("store"));
  fs::create_directory_symlink(path_of("elsewhere"), path_of("task"));

  for (const fs::path& behind : {path_of("store"), path_of("task") / "store"}) {
    EXPECT_THAT(error_of_open<StateStoreError>(behind), HasSubstr("symbolic link"));
    EXPECT_THROW(storage_->destroy(behind), StateStoreError);
  }
  EXPECT_TRUE(fs::exists(path_of("elsewhere") / "store" / "CURRENT"));
}

TEST_F(RocksDbFiles, AreNoLinks) {
  make_store_with_tables();
  ASSERT_FALSE(files(".sst").empty());
  const fs::path table = files(".sst").front();
  fs::rename(table, path_of("table"));
  fs::create_symlink(path_of("table"), table);

  EXPECT_THAT(error_of_open<StateStoreError>(path_of("store")),
              AllOf(HasSubstr(table.string()), HasSubstr("symbolic link")));
}

// Root may write everywhere: while this lives the process is nobody, and `folder` belongs to it.
class AsNobody {
 public:
  explicit AsNobody(const fs::path& folder) {
    if (!root_) return;
    if (::chown(folder.c_str(), nobody, nobody) != 0 || ::seteuid(nobody) != 0) {
      throw std::runtime_error("root cannot become nobody");
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  static constexpr uid_t nobody = 65534;
  const bool root_ = ::geteuid() == 0;
};

TEST_F(RocksDbFiles, InAFolderThatMayNotBeWrittenNameThatReason) {
  const AsNobody nobody{folder_.path()};
  static_cast<void>(open());
  fs::permissions(path_of("store"), fs::perms::owner_read | fs::perms::owner_exec);

  EXPECT_THAT(error_of_open<StateStoreError>(path_of("store")),
              HasSubstr("this user may not read and write the folder"));

  fs::permissions(path_of("store"), fs::perms::owner_all);
}

TEST_F(RocksDbFiles, AreAllThatDestroyDeletes) {
  static_cast<void>(open());
  write(path_of("store") / "letters.txt", "dear");

  storage_->destroy(path_of("store"));

  EXPECT_TRUE(fs::exists(path_of("store") / "letters.txt"));
  EXPECT_FALSE(fs::exists(path_of("store") / "CURRENT"));
}

TEST_F(RocksDbFiles, DestroyingWhatIsNotThereIsFine) {
  EXPECT_NO_THROW(storage_->destroy(path_of("nothing")));
}

TEST_F(RocksDbFiles, OfAHundredStoresAreOpenTogether) {
  std::vector<std::unique_ptr<StorageMap>> maps;
  for (int i = 0; i < 100; ++i) maps.push_back(storage_->open(path_of(std::to_string(i))));

  for (int i = 0; i < 100; ++i) {
    const std::string number = std::to_string(i);
    maps[static_cast<std::size_t>(i)]->apply(std::vector<StorageWrite>{{bytes("k"), bytes(number)}},
                                             std::nullopt);
  }

  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(get(*maps[static_cast<std::size_t>(i)], "k"), std::to_string(i));
  }
}

}  // namespace
}  // namespace moldau::state
