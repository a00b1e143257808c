#include "moldau/processor/windows.h"

#include <cstdint>

namespace moldau::inline v0::processor {

WindowAssigner::~WindowAssigner() = default;

namespace {

class HoppingWindows final : public WindowAssigner {
 public:
  HoppingWindows(std::chrono::milliseconds size, std::chrono::milliseconds advance)
      : size_(size), advance_(advance) {}

  void assign(Timestamp time, std::vector<Window>& windows) const override {
    windows.clear();
    // No window starts before the epoch. (`time - size` cannot overflow: time is not negative.)
    const std::int64_t earliest =
        std::max(std::int64_t{0}, (time - size_ + advance_).milliseconds());
    Timestamp start{earliest / advance_.count() * advance_.count()};
    while (start <= time) {
      windows.push_back({.start = start, .end = end_of(start)});
      if (start > Timestamp::max() - advance_) break;
      start = start + advance_;
    }
  }
  [[nodiscard]] Timestamp end_of(Timestamp start) const override {
    return saturating_add(start, size_);
  }

 private:
  std::chrono::milliseconds size_;
  std::chrono::milliseconds advance_;
};

class UnlimitedWindow final : public WindowAssigner {
 public:
  explicit UnlimitedWindow(Timestamp start) : start_(start) {}

  void assign(Timestamp time, std::vector<Window>& windows) const override {
    windows.clear();
    if (time >= start_) windows.push_back({.start = start_, .end = Timestamp::max()});
  }
  [[nodiscard]] Timestamp end_of(Timestamp /*start*/) const override { return Timestamp::max(); }

 private:
  Timestamp start_;
};

}  // namespace

std::shared_ptr<const WindowAssigner> hopping_windows(std::chrono::milliseconds size,
                                                      std::chrono::milliseconds advance) {
  return std::make_shared<HoppingWindows>(size, advance);
}

std::shared_ptr<const WindowAssigner> unlimited_window(Timestamp start) {
  return std::make_shared<UnlimitedWindow>(start);
}

}  // namespace moldau::inline v0::processor
