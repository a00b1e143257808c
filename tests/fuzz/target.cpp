#include "fuzz/target.h"

#include <sanitizer/allocator_interface.h>

#include <cstdio>
#include <cstdlib>

namespace moldau::fuzz {

namespace {

// Signed: what was taken before a watch began may be given back under it.
std::ptrdiff_t held = 0;
std::ptrdiff_t most_held = 0;
bool watching = false;

void taken(const volatile void* /*memory*/, std::size_t size) {
  if (!watching) return;
  held += static_cast<std::ptrdiff_t>(size);
  most_held = std::max(most_held, held);
}

void given_back(const volatile void* memory) {
  if (!watching || memory == nullptr) return;
  held -=
      static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(memory)));
}

}  // namespace

void broken(const char* rule) {
  std::fprintf(stderr, "BROKEN RULE: %s\n", rule);
  std::abort();
}

MemoryWatch::MemoryWatch() noexcept {
  static const bool installed = __sanitizer_install_malloc_and_free_hooks(taken, given_back) != 0;
  require(installed, "memory can be watched");
  held = 0;
  most_held = 0;
  watching = true;
}

MemoryWatch::~MemoryWatch() { watching = false; }

std::size_t MemoryWatch::most() const noexcept { return static_cast<std::size_t>(most_held); }

}  // namespace moldau::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moldau::fuzz::run(moldau::Bytes{data, size});
  return 0;
}
