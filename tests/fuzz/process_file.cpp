// The file that tells a restarted application who it was.

#include "moldau/base/error.h"
#include "moldau/serde/uuid.h"

#include "fuzz/target.h"
#include "runtime/state_directory.h"

namespace moldau::fuzz {

namespace {

constexpr std::uint64_t own_lock_file = 7;

class AnyLock final : public FileLock {};

// A folder with one file, the process file.
class OneFile final : public Filesystem {
 public:
  explicit OneFile(std::string contents) : contents_(std::move(contents)) {}

  Status create_directories(const std::filesystem::path&) override { return {}; }
  Result<std::unique_ptr<FileLock>> lock(const std::filesystem::path&) override {
    return std::unique_ptr<FileLock>{std::make_unique<AnyLock>()};
  }
  Result<std::optional<std::string>> read(const std::filesystem::path&) override {
    return std::optional<std::string>{contents_};
  }
  Status write_durably(const std::filesystem::path&, std::string_view contents) override {
    contents_ = contents;
    return {};
  }
  Result<std::uint64_t> file_id(const std::filesystem::path&) override { return own_lock_file; }
  Result<std::vector<std::string>> directories(const std::filesystem::path&) override {
    return std::vector<std::string>{"app", "moldau"};
  }
  Status remove_all(const std::filesystem::path&) override { return {}; }

 private:
  std::string contents_;
};

class Counting final : public Random {
 public:
  std::uint64_t next() override { return ++count_ * 0x9E3779B97F4A7C15U; }

 private:
  std::uint64_t count_ = 0;
};

class Silent final : public Logger {
 public:
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return false; }
  void log(LogLevel, std::string_view) noexcept override {}
};

}  // namespace

void run(Bytes input) {
  OneFile files{std::string{input.text()}};
  Counting random;
  Silent logger;
  std::string id;
  // A number of JSON is many times its text, and what was not understood is written anew.
  const MemoryBound bound{.per_byte = 64};
  const auto open = [&] {
    runtime::StateDirectory directory{files, "state", "app", random, logger};
    id = directory.process_id();
    require(parse_uuid(id).has_value(), "a process id is a UUID");
    require(directory.previous_threads() >= 0 && directory.previous_threads() <= 1024,
            "no more threads than an application can have");
    directory.remember_threads(3);
  };
  require(understood<StateStoreError>(input, open, bound), "any process file is started from");

  const std::string first = id;
  open();
  require(id == first, "the process id stays");
}

}  // namespace moldau::fuzz
