#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace moldau::inline v0 {

// A number with a meaning. Two ids of different tags neither convert to each other nor to a number:
// leaving the type is visible as value(). Adding a plain number moves an id; subtracting two of the
// same kind gives a plain number.
template <class Rep, class Tag>
class StrongId {
 public:
  using rep = Rep;

  constexpr StrongId() noexcept = default;
  constexpr explicit StrongId(Rep value) noexcept : value_(value) {}

  [[nodiscard]] constexpr Rep value() const noexcept { return value_; }

  friend constexpr bool operator==(StrongId, StrongId) noexcept = default;
  friend constexpr std::strong_ordering operator<=>(StrongId, StrongId) noexcept = default;

  friend constexpr StrongId operator+(StrongId id, Rep by) noexcept {
    return StrongId{static_cast<Rep>(id.value_ + by)};
  }
  friend constexpr StrongId operator-(StrongId id, Rep by) noexcept {
    return StrongId{static_cast<Rep>(id.value_ - by)};
  }
  friend constexpr Rep operator-(StrongId a, StrongId b) noexcept {
    return static_cast<Rep>(a.value_ - b.value_);
  }
  constexpr StrongId& operator++() noexcept {
    ++value_;
    return *this;
  }

 private:
  Rep value_ = 0;
};

}  // namespace moldau::inline v0

template <class Rep, class Tag>
struct std::hash<moldau::StrongId<Rep, Tag>> {
  std::size_t operator()(moldau::StrongId<Rep, Tag> id) const noexcept {
    return std::hash<Rep>{}(id.value());
  }
};
