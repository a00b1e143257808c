#pragma once

#include <cstddef>

namespace moldau {

// The largest piece of memory that this program asked for with `new` since forget_allocations().
[[nodiscard]] std::size_t largest_allocation() noexcept;
void forget_allocations() noexcept;

}  // namespace moldau
