#include "runtime/state_directory.h"

#include "moldau/base/error.h"
#include "moldau/serde/uuid.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <system_error>

namespace moldau::inline v0::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_threads = 1024;  // that an application may have

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  throw StateStoreError("state folder " + path.string() + ": " + std::string{why});
}

fs::path folder_of(const fs::path& state_dir, std::string_view application_id) {
  return fs::absolute(state_dir) / application_id / "moldau";
}

bool holds_folder(Filesystem& files, const fs::path& folder) {
  const Result<std::vector<std::string>> beside = files.directories(folder.parent_path());
  if (!beside) refuse(folder, beside.error().message());
  return std::ranges::find(*beside, folder.filename().string()) != beside->end();
}

// Makes one folder. A link would let whoever may write to the folder above lead the state, and its
// deletion, elsewhere.
void make_folder(Filesystem& files, const fs::path& folder) {
  if (Status status = files.create_directories(folder); !status) {
    refuse(folder, std::string{status.message()} +
                       ". Set state.dir to a folder that this user may write to");
  }
  if (!holds_folder(files, folder)) {
    refuse(folder,
           "it is a symbolic link, and those are not followed below state.dir. Remove it, or set "
           "state.dir to where the state is");
  }
}

std::unique_ptr<FileLock> lock_folder(Filesystem& files, const fs::path& folder) {
  Result<std::unique_ptr<FileLock>> held = files.lock(folder / "lock");
  if (held) return *std::move(held);
  if (held.error().code() == ErrorCode::locked) {
    refuse(folder,
           "another process, or another instance in this one, runs this application here. Stop it, "
           "or give this instance a state.dir of its own");
  }
  refuse(folder, held.error().message());
}

struct ProcessFile {
  std::string process_id;
  std::uint64_t lock_id = 0;
  int threads = 0;
};

// nullopt: not what write_process_file() wrote. Whoever edited it must not choose what names and
// numbers the group is told.
std::optional<ProcessFile> read_process_file(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto id = json.find("processId");
  const auto lock = json.find("lockFile");
  if (id == json.end() || !id->is_string() || lock == json.end() || !lock->is_number_unsigned()) {
    return std::nullopt;
  }
  ProcessFile file{.process_id = id->get<std::string>(), .lock_id = lock->get<std::uint64_t>()};
  if (!parse_uuid(file.process_id)) return std::nullopt;
  if (const auto threads = json.find("threads"); threads != json.end()) {
    if (!threads->is_number_unsigned() || threads->get<std::uint64_t>() > most_threads) {
      return std::nullopt;
    }
    file.threads = threads->get<int>();
  }
  return file;
}

// nullopt if the folder is not named as a task's.
std::optional<TaskId> task_of(std::string_view folder) {
  const auto number = [](std::string_view text) -> std::optional<std::int32_t> {
    std::int32_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
  };
  const std::size_t dash = folder.find('_');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto subtopology = number(folder.substr(0, dash));
  const auto partition = number(folder.substr(dash + 1));
  if (!subtopology || !partition) return std::nullopt;
  return TaskId{SubtopologyId{*subtopology}, PartitionId{*partition}};
}

}  // namespace

StateDirectory::StateDirectory(Filesystem& files, const fs::path& state_dir,
                               std::string_view application_id, Random& random, Logger& logger)
    : files_(files), path_(folder_of(state_dir, application_id)) {
  make_folder(files_, path_.parent_path());
  make_folder(files_, path_);
  lock_ = lock_folder(files_, path_);
  const Result<std::uint64_t> id = files_.file_id(path_ / "lock");
  if (!id) refuse(path_, id.error().message());
  lock_id_ = *id;
  load_process_file(random, logger);
}

StateDirectory::~StateDirectory() = default;

void StateDirectory::clear(Filesystem& files, const fs::path& state_dir,
                           std::string_view application_id, Logger& logger) {
  const fs::path folder = folder_of(state_dir, application_id);
  // Links are none of our folders.
  if (!holds_folder(files, folder.parent_path()) || !holds_folder(files, folder)) return;
  const std::unique_ptr<FileLock> lock = lock_folder(files, folder);
  // A folder without our process file was never one of ours.
  const Result<std::optional<std::string>> marker = files.read(folder / "process");
  if (!marker) refuse(folder, marker.error().message());
  if (!*marker) return;
  const Result<std::vector<std::string>> stores = files.directories(folder);
  if (!stores) refuse(folder, stores.error().message());
  for (const std::string& store : *stores) {
    logger.info("deleting " + (folder / store).string());
    if (Status status = files.remove_all(folder / store); !status) {
      refuse(folder, status.message());
    }
  }
}

std::set<TaskId> StateDirectory::stored_tasks(Filesystem& files, const fs::path& state_dir,
                                              std::string_view application_id) {
  std::set<TaskId> tasks;
  const Result<std::vector<std::string>> folders =
      files.directories(folder_of(state_dir, application_id));
  if (!folders) return tasks;
  for (const std::string& folder : *folders) {
    if (const std::optional<TaskId> task = task_of(folder)) tasks.insert(*task);
  }
  return tasks;
}

void StateDirectory::load_process_file(Random& random, Logger& logger) {
  const fs::path file = path_ / "process";
  const Result<std::optional<std::string>> text = files_.read(file);
  if (!text) refuse(path_, text.error().message());
  if (*text) {
    const std::optional<ProcessFile> before = read_process_file(**text);
    if (!before) {
      logger.warning("state folder " + path_.string() +
                     ": the process file cannot be read; starting with a new process id");
    } else if (before->lock_id != lock_id_) {
      logger.warning("state folder " + path_.string() +
                     " is a copy of another one; starting with a new process id");
    } else {
      process_id_ = before->process_id;
      previous_threads_ = before->threads;
    }
  }
  if (process_id_.empty()) {
    process_id_ = random_uuid(random);
    write_process_file();
  }
}

void StateDirectory::remember_threads(int threads) {
  if (threads == threads_) return;
  threads_ = threads;
  write_process_file();
}

void StateDirectory::write_process_file() {
  const nlohmann::json json{
      {"processId", process_id_}, {"lockFile", lock_id_}, {"threads", threads_}};
  if (Status status = files_.write_durably(path_ / "process", json.dump() + "\n"); !status) {
    refuse(path_, status.message());
  }
}

fs::path StateDirectory::store_path(TaskId task, std::string_view store) const {
  return path_ / to_string(task) / store;
}

std::string random_uuid(Random& random) {
  const std::uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);
  std::array<char, 37> text;
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx",
                static_cast<unsigned long long>(high >> 32),
                static_cast<unsigned long long>((high >> 16) & 0xFFFF),
                static_cast<unsigned long long>(high & 0xFFFF),
                static_cast<unsigned long long>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text.data();
}

}  // namespace moldau::inline v0::runtime
