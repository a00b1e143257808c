#pragma once

#include <cstdint>

// Heap allocations of this thread since it started. Counted by replacing the global operator new.
[[nodiscard]] std::int64_t allocations() noexcept;
