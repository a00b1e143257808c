#pragma once

#include "moldau/state/storage.h"
#include "moldau/streams/environment.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace robustness {

// Where this process kills itself: at the n-th time that it comes to a named point, some
// microseconds later.
//
// The points `commit.*` are marked in the library (MOLDAU_FAULT). `end_txn` is the call that ends a
// transaction, so with a delay the request is on its way when the process dies; `batch` is the
// write of a store's batch.
struct CrashPoint {
  std::string name;
  std::int64_t hit = 1;
  std::chrono::microseconds delay{0};

  // `NAME:HIT[:MICROSECONDS]`. Throws std::invalid_argument.
  static CrashPoint parse(const std::string& text);
};

// Counts how often the process came to its point, and kills it. Any thread.
class CrashCounter {
 public:
  explicit CrashCounter(CrashPoint point) : point_(std::move(point)) {}
  void reached(std::string_view name);

 private:
  CrashPoint point_;
  std::atomic<std::int64_t> hits_{0};
};

// An environment with the points `end_txn` and `batch` in it, on top of another one, and the
// counter hooked into the library. Both must outlive what runs on it.
class CrashingEnvironment {
 public:
  CrashingEnvironment(const moldau::Environment& below, CrashCounter& counter);
  ~CrashingEnvironment();
  [[nodiscard]] moldau::Environment environment();

 private:
  moldau::Environment below_;
  std::unique_ptr<moldau::kafka::KafkaClients> clients_;
  std::shared_ptr<moldau::state::Storage> storage_;  // shared with the applications that run on it
};

}  // namespace robustness
