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

TEST_F(StateDirectoryTest, FilesAreReadableByTheOwnerOnly) {
  const StateDirectory directory = open(root_);

  EXPECT_EQ(fs::status(directory.path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(directory.path() / "process").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace moldau::runtime
