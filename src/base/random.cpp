#include "moldau/base/random.h"

#include <mutex>
#include <random>

namespace moldau::inline v0 {

Random::~Random() = default;

namespace {

class SystemRandom final : public Random {
 public:
  std::uint64_t next() override {
    const std::lock_guard lock{mutex_};
    return (static_cast<std::uint64_t>(device_()) << 32) | device_();
  }

 private:
  std::mutex mutex_;  // guards device_
  std::random_device device_;
};

}  // namespace

std::unique_ptr<Random> make_system_random() { return std::make_unique<SystemRandom>(); }

}  // namespace moldau::inline v0
