#pragma once

#include "moldau/moldau.h"

#include "properties/windows_model.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace moldau::test {

struct WindowRun {
  StoreType store = StoreType::in_memory;
  std::size_t cache_bytes = 0;
  EmitStrategy emit = EmitStrategy::on_window_close;
  Semantics semantics = Semantics::complete;
  std::optional<std::chrono::milliseconds> segment_interval = {};
  bool suppressed = false;  // until windows close
};

// From topic "in" to topic "out": the values of each window, in no order.
[[nodiscard]] Topology windowed_values(const WindowProgram& program, const WindowRun& run);

[[nodiscard]] AnySerde<Windowed<Text>> key_serde(const WindowProgram& program);

// What the library makes of the inputs. Its rows are the last of each window, `closed` has all that
// were emitted, each with the number of the input after which it came.
[[nodiscard]] WindowAnswer run_windows(const WindowProgram& program, const WindowRun& run,
                                       const std::vector<WindowInput>& inputs);

}  // namespace moldau::test
