#include "runtime/state_directory.h"

#include "moldau/base/error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

namespace moldau::runtime {
namespace {

namespace fs = std::filesystem;

class StateDirectoryTest : public ::testing::Test {
 protected:
  StateDirectoryTest() {
    std::string pattern = (fs::temp_directory_path() / "moldau-state-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~StateDirectoryTest() override { fs::remove_all(root_); }

  StateDirectory open(const fs::path& root) {
    return {system_filesystem(), root, "app", *random_, *logger_};
  }

  fs::path root_;
  std::unique_ptr<Random> random_ = make_system_random();
  std::shared_ptr<Logger> logger_ = make_silent_logger();
};

TEST_F(StateDirectoryTest, TheProcessIdIsAUuidAndSurvivesARestart) {
  std::string first;
  {
    const StateDirectory directory = open(root_);
    first = directory.process_id();
  }

  EXPECT_TRUE(std::regex_match(
      first, std::regex{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"}))
      << first;
  EXPECT_EQ(open(root_).process_id(), first);
}

TEST_F(StateDirectoryTest, ASecondInstanceIsRefusedAndToldWhatToDo) {
  const StateDirectory directory = open(root_);

  try {
    open(root_);
    FAIL() << "two instances share a state folder";
  } catch (const StateStoreError& e) {
    EXPECT_NE(std::string{e.what()}.find("state.dir of its own"), std::string::npos) << e.what();
  }
}

TEST_F(StateDirectoryTest, ACopiedFolderGetsAProcessIdOfItsOwn) {
  std::string original;
  {
    const StateDirectory directory = open(root_);
    original = directory.process_id();
  }
  const fs::path copy = root_ / "copy";
  fs::create_directories(copy);
  fs::copy(root_ / "app", copy / "app", fs::copy_options::recursive);

  EXPECT_NE(open(copy).process_id(), original);
  EXPECT_EQ(open(root_).process_id(), original);
}

TEST_F(StateDirectoryTest, ADamagedProcessFileStartsOver) {
  { const StateDirectory directory = open(root_); }
  std::ofstream{root_ / "app" / "moldau" / "process"} << "{\"processId\": ";

  EXPECT_FALSE(open(root_).process_id().empty());
}

TEST_F(StateDirectoryTest, AProcessFileWithFieldsOfOtherTypesStartsOver) {
  const std::string id = "01234567-89ab-4def-8123-456789abcdef";
  fs::path file;
  std::uint64_t lock = 0;
  {
    const StateDirectory directory = open(root_);
    file = directory.path() / "process";
    lock = *system_filesystem().file_id(directory.path() / "lock");
  }
  const auto written = [&](const std::string& process_id, const std::string& threads) {
    std::ofstream{file} << R"({"processId":)" << process_id << R"(,"lockFile":)" << lock
                        << R"(,"threads":)" << threads << "}";
    const StateDirectory directory = open(root_);
    return std::pair{directory.process_id(), directory.previous_threads()};
  };
  const std::string text = '"' + id + '"';
  ASSERT_EQ(written(text, "2"), std::pair(id, 2));

  for (const char* threads : {"\"2\"", "-1", "1e99", "2.5", "1000000000", "null"}) {
    EXPECT_NE(written(text, threads).first, id) << threads;
    EXPECT_EQ(written(text, threads).second, 0) << threads;
  }
  for (const char* process_id : {"1", "\"\"", "\"../../elsewhere\"", "\"a\\nb\""}) {
    EXPECT_EQ(written(process_id, "2").first.size(), id.size()) << process_id;
  }
}

TEST_F(StateDirectoryTest, RemembersHowManyThreadsThereWere) {
  {
    StateDirectory directory = open(root_);
    EXPECT_EQ(directory.previous_threads(), 0);
    directory.remember_threads(4);
  }

  EXPECT_EQ(open(root_).previous_threads(), 4);
}

TEST_F(StateDirectoryTest, AFolderThatCannotBeMadeIsNamed) {
  std::ofstream{root_ / "file"} << "in the way";

  try {
    open(root_ / "file");
    FAIL() << "a file was used as a folder";
  } catch (const StateStoreError& e) {
    EXPECT_NE(std::string{e.what()}.find((root_ / "file").string()), std::string::npos) << e.what();
    EXPECT_NE(std::string{e.what()}.find("state.dir"), std::string::npos) << e.what();
  }
}

TEST_F(StateDirectoryTest, FoldersThatAreLinksAreRefusedAndNotCleared) {
  { const StateDirectory directory = open(root_); }
  fs::create_directories(root_ / "app" / "moldau" / "0_1");

  for (const fs::path& folder : {root_ / "app" / "moldau", root_ / "app"}) {
    fs::rename(folder, root_ / "elsewhere");
    fs::create_directory_symlink(root_ / "elsewhere", folder);

    try {
      open(root_);
      ADD_FAILURE() << folder << " was followed";
    } catch (const StateStoreError& e) {
      EXPECT_NE(std::string{e.what()}.find(folder.string() + ": it is a symbolic link"),
                std::string::npos)
          << e.what();
    }
    StateDirectory::clear(system_filesystem(), root_, "app", *logger_);

    fs::remove(folder);
    fs::rename(root_ / "elsewhere", folder);
    EXPECT_TRUE(fs::exists(root_ / "app" / "moldau" / "0_1"));
  }
}

TEST_F(StateDirectoryTest, AStateDirThatIsALinkIsFollowed) {
  fs::create_directories(root_ / "large_disk");
  fs::create_directory_symlink(root_ / "large_disk", root_ / "state");

  { const StateDirectory directory = open(root_ / "state"); }

  EXPECT_TRUE(fs::exists(root_ / "large_disk" / "app" / "moldau" / "process"));
}

TEST_F(StateDirectoryTest, FilesAreReadableByTheOwnerOnly) {
  const StateDirectory directory = open(root_);

  EXPECT_EQ(fs::status(directory.path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(directory.path() / "process").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace moldau::runtime
