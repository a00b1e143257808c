#include "kafka_wire/allocation_watch.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> largest{0};

}  // namespace

// Replaced in a file of their own: where the compiler sees both bodies, it takes free() for a
// mistake.
void* operator new(std::size_t size) {
  if (size > largest.load(std::memory_order_relaxed)) largest.store(size);
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace moldau {

std::size_t largest_allocation() noexcept { return largest.load(); }
void forget_allocations() noexcept { largest.store(0); }

}  // namespace moldau
