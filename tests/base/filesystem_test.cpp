#include "moldau/base/filesystem.h"

#include "base/child_process.h"
#include "base/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace moldau {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SystemFilesystem : public testing::Test {
 protected:
  [[nodiscard]] fs::path in_folder(const std::string& name) const { return folder_.path() / name; }

  static void put(const fs::path& path, const std::string& contents) {
    std::ofstream{path} << contents;
  }
  static unsigned mode(const fs::path& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0U;
  }

  TemporaryFolder folder_;
  Filesystem& files_ = system_filesystem();
};

TEST_F(SystemFilesystem, MakesAFolderAndItsParentsForTheOwnerOnly) {
  ASSERT_TRUE(files_.create_directories(in_folder("a/b/c")).ok());

  EXPECT_EQ(mode(in_folder("a")), 0700U);
  EXPECT_EQ(mode(in_folder("a/b/c")), 0700U);
  EXPECT_TRUE(files_.create_directories(in_folder("a/b/c")).ok());
  EXPECT_TRUE(files_.create_directories(in_folder("a/b/c/")).ok());
}

TEST_F(SystemFilesystem, MakesNoFolderInPlaceOfAFile) {
  put(in_folder("file"), "x");

  const Status in_place = files_.create_directories(in_folder("file"));
  const Status below = files_.create_directories(in_folder("file/below"));

  EXPECT_EQ(in_place.code(), ErrorCode::io);
  EXPECT_THAT(in_place.message(), HasSubstr(in_folder("file").string()));
  EXPECT_EQ(below.code(), ErrorCode::io);
}

TEST_F(SystemFilesystem, ReadsAWholeFile) {
  const std::string contents = std::string(10'000, 'x') + '\0' + "end";
  put(in_folder("file"), contents);
  put(in_folder("empty"), "");

  EXPECT_EQ(*files_.read(in_folder("file")), contents);
  EXPECT_EQ(*files_.read(in_folder("empty")), "");
}

TEST_F(SystemFilesystem, TellsAMissingFileFromOneThatCannotBeRead) {
  const auto missing = files_.read(in_folder("missing"));
  const auto folder = files_.read(folder_.path());

  ASSERT_TRUE(missing.ok());
  EXPECT_EQ(*missing, std::nullopt);
  EXPECT_EQ(folder.error().code(), ErrorCode::io);
  EXPECT_THAT(folder.error().message(), HasSubstr(folder_.path().string()));
}

TEST_F(SystemFilesystem, FollowsNoLinkToAFile) {
  put(in_folder("target"), "secret");
  fs::create_symlink(in_folder("target"), in_folder("link"));
  fs::create_symlink(in_folder("target"), in_folder("other.tmp"));

  EXPECT_FALSE(files_.read(in_folder("link")).ok());
  EXPECT_FALSE(files_.lock(in_folder("link")).ok());
  EXPECT_FALSE(files_.write_durably(in_folder("other"), "x").ok());
  EXPECT_EQ(*files_.read(in_folder("target")), "secret");
}

TEST_F(SystemFilesystem, ReplacesAFileForTheOwnerOnly) {
  ASSERT_TRUE(files_.write_durably(in_folder("file"), "first, and longer").ok());
  ASSERT_TRUE(files_.write_durably(in_folder("file"), "second").ok());

  EXPECT_EQ(*files_.read(in_folder("file")), "second");
  EXPECT_EQ(mode(in_folder("file")), 0600U);
  EXPECT_FALSE(fs::exists(in_folder("file.tmp")));
}

TEST_F(SystemFilesystem, WritesInTheCurrentFolderAndBehindALinkToAFolder) {
  fs::create_directory(in_folder("real"));
  fs::create_directory_symlink(in_folder("real"), in_folder("link"));
  fs::current_path(folder_.path());

  EXPECT_TRUE(files_.write_durably("file", "x").ok());
  EXPECT_TRUE(files_.write_durably(in_folder("link/file"), "y").ok());
  EXPECT_EQ(*files_.read(in_folder("file")), "x");
  EXPECT_EQ(*files_.read(in_folder("real/file")), "y");
}

TEST_F(SystemFilesystem, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
  put(in_folder("file"), "old");
  ChildProcess child{[this](const auto&) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100, 100};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Status status = files_.write_durably(in_folder("file"), std::string(1000, 'x'));
    return status.code() == ErrorCode::io && !fs::exists(in_folder("file.tmp")) ? 0 : 1;
  }};

  EXPECT_EQ(child.exit_status(), 0);
  EXPECT_EQ(*files_.read(in_folder("file")), "old");
}

TEST_F(SystemFilesystem, KilledWhileWritingLeavesTheOldOrTheNewContents) {
  const std::string first(200'000, 'a');
  const std::string second(300'000, 'b');
  const fs::path path = in_folder("file");

  for (int kills = 0; kills < 10; ++kills) {
    ChildProcess child{[&](const auto& report) {
      for (;;) {
        if (!files_.write_durably(path, first).ok()) return 1;
        report();
        if (!files_.write_durably(path, second).ok()) return 1;
      }
    }};
    for (int writes = 0; writes <= kills; ++writes) ASSERT_TRUE(child.wait_for_report());
    child.kill();

    const std::optional<std::string> found = *files_.read(path);
    ASSERT_TRUE(found == first || found == second) << "after kill " << kills;
  }
}

TEST_F(SystemFilesystem, LocksOutAnotherProcess) {
  const auto lock = files_.lock(in_folder("lock"));
  ASSERT_TRUE(lock.ok());

  ChildProcess child{[this](const auto&) {
    return files_.lock(in_folder("lock")).error().code() == ErrorCode::locked ? 0 : 1;
  }};

  EXPECT_EQ(child.exit_status(), 0);
}

TEST_F(SystemFilesystem, LocksOutTheSameProcessAndSaysWhichFile) {
  const auto lock = files_.lock(in_folder("lock"));
  ASSERT_TRUE(lock.ok());

  const auto second = files_.lock(in_folder("lock"));

  EXPECT_EQ(second.error().code(), ErrorCode::locked);
  EXPECT_THAT(second.error().message(), HasSubstr(in_folder("lock").string()));
}

TEST_F(SystemFilesystem, UnlocksWithTheObjectAndWithTheProcess) {
  { ASSERT_TRUE(files_.lock(in_folder("lock")).ok()); }
  EXPECT_TRUE(files_.lock(in_folder("lock")).ok());

  ChildProcess holder{[this](const auto& report) {
    const auto held = files_.lock(in_folder("lock"));
    if (!held.ok()) return 1;
    report();
    for (;;) ::pause();
  }};
  ASSERT_TRUE(holder.wait_for_report());
  EXPECT_EQ(files_.lock(in_folder("lock")).error().code(), ErrorCode::locked);

  holder.kill();

  EXPECT_TRUE(files_.lock(in_folder("lock")).ok());
}

TEST_F(SystemFilesystem, HasOneHolderOfALockEvenIfHoldersRemoveTheFile) {
  constexpr int turns = 1000;
  const auto take_turns = [this](const auto&) {
    for (int taken = 0; taken < turns;) {
      const auto lock = files_.lock(in_folder("lock"));
      if (!lock.ok()) continue;
      for (int i = 0; i < 10; ++i) {
        const int alone = ::open(in_folder("holder").c_str(), O_CREAT | O_EXCL, 0600);
        if (alone < 0) return 1;
        ::close(alone);
        fs::remove(in_folder("holder"));
      }
      fs::remove(in_folder("lock"));
      ++taken;
    }
    return 0;
  };

  ChildProcess first{take_turns};
  ChildProcess second{take_turns};
  ChildProcess third{take_turns};

  EXPECT_EQ(first.exit_status(), 0);
  EXPECT_EQ(second.exit_status(), 0);
  EXPECT_EQ(third.exit_status(), 0);
}

TEST_F(SystemFilesystem, RefusesALockWhereThereIsNoFolder) {
  EXPECT_EQ(files_.lock(in_folder("missing/lock")).error().code(), ErrorCode::io);
}

TEST_F(SystemFilesystem, AFileKeepsItsIdWhenItIsRenamedAndACopyHasAnother) {
  put(in_folder("file"), "x");
  const std::uint64_t id = *files_.file_id(in_folder("file"));

  fs::rename(in_folder("file"), in_folder("renamed"));
  fs::copy_file(in_folder("renamed"), in_folder("copy"));

  EXPECT_EQ(*files_.file_id(in_folder("renamed")), id);
  EXPECT_NE(*files_.file_id(in_folder("copy")), id);
  EXPECT_EQ(files_.file_id(in_folder("file")).error().code(), ErrorCode::io);
}

TEST_F(SystemFilesystem, ListsFoldersButNeitherFilesNorLinks) {
  fs::create_directory(in_folder("b"));
  fs::create_directory(in_folder("a"));
  put(in_folder("file"), "x");
  fs::create_directory_symlink(in_folder("a"), in_folder("link"));

  EXPECT_THAT(*files_.directories(folder_.path()), ElementsAre("a", "b"));
  EXPECT_THAT(*files_.directories(in_folder("missing")), IsEmpty());
  EXPECT_EQ(files_.directories(in_folder("file")).error().code(), ErrorCode::io);
}

TEST_F(SystemFilesystem, RemovesAFolderButNotWhatLinksInItPointAt) {
  fs::create_directories(in_folder("kept"));
  put(in_folder("kept/file"), "x");
  fs::create_directories(in_folder("removed/below"));
  fs::create_directory_symlink(in_folder("kept"), in_folder("removed/link"));

  EXPECT_TRUE(files_.remove_all(in_folder("removed")).ok());
  EXPECT_TRUE(files_.remove_all(in_folder("removed")).ok());

  EXPECT_FALSE(fs::exists(in_folder("removed")));
  EXPECT_TRUE(fs::exists(in_folder("kept/file")));
}

}  // namespace
}  // namespace moldau
