// Prints what the stores of stopped processes hold, below their overlays.
//
//   store_dump [--windows] STORE APPLICATION_ID STATE_DIR...
//
// For each task folder that has the store: `store TASK POSITION FOLDER` (POSITION is the first
// changelog offset that the store does not hold, -1 if it has none), then `entry KEY VALUE` in
// hexadecimal. KEY is that of the changelog: a window store (--windows) has the number of a segment
// in front of it, and rows of its own, which are left out.

#include "moldau/base/ids.h"
#include "moldau/state/storage.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string hex(moldau::Bytes bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes.text()) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

constexpr std::size_t segment_size = 8;
constexpr std::byte behind_windows{0x80};

void dump(moldau::state::Storage& storage, const std::string& task, const fs::path& folder,
          bool windows) {
  const auto map = storage.open(folder);
  const auto position = map->position();
  std::printf("store %s %lld %s\n", task.c_str(),
              position ? static_cast<long long>(position->next.value()) : -1, folder.c_str());
  const auto entries =
      map->range(moldau::state::ByteRange::all(), moldau::state::Direction::forward);
  for (; entries->valid(); entries->next()) {
    moldau::Bytes key = entries->key();
    if (windows) {
      if (key[0] >= behind_windows) break;
      key = moldau::Bytes{key.text().substr(segment_size)};
    }
    std::printf("entry %s %s\n", hex(key).c_str(), hex(entries->value()).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool windows = !arguments.empty() && arguments.front() == "--windows";
  if (windows) arguments.erase(arguments.begin());
  if (arguments.size() < 3) {
    std::fputs("store_dump [--windows] STORE APPLICATION_ID STATE_DIR...\n", stderr);
    return 2;
  }
  try {
    const auto storage = moldau::state::make_rocksdb_storage();
    for (std::size_t i = 2; i < arguments.size(); ++i) {
      for (const auto& folder :
           fs::directory_iterator{fs::path{arguments[i]} / arguments[1] / "moldau"}) {
        const std::string task = folder.path().filename();
        if (!moldau::parse_task_id(task) || !fs::is_directory(folder.path() / arguments[0]))
          continue;
        dump(*storage, task, folder.path() / arguments[0], windows);
      }
    }
  } catch (const std::exception& e) {
    std::fprintf(stderr, "store_dump: %s\n", e.what());
    return 1;
  }
  return 0;
}
