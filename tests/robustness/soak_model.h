#pragma once

#include "robustness/soak_event.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace robustness {

// What the soak should come to, computed by plain loops over its inputs.
class SoakModel {
 public:
  // The next event of its user.
  void event(const SoakEvent& event, std::int64_t timestamp);
  // The next profile of a user or guest; nullopt: it is deleted.
  void profile(const std::string& user, const std::optional<std::string>& version);

  // The total of a user after his first `events` events, as soak_topology.h says; empty if he does
  // not have so many.
  [[nodiscard]] std::string total(const std::string& user, std::size_t events) const;

  // The rows that each store must have in the end, in the bytes of its changelog.
  using Rows = std::map<std::string, std::string>;
  [[nodiscard]] Rows counts() const;
  [[nodiscard]] Rows totals() const;
  [[nodiscard]] Rows windows() const;
  [[nodiscard]] const Rows& profiles() const { return profiles_; }
  // As windows(), with the keys of the output.
  [[nodiscard]] const std::map<std::string, std::int64_t>& window_counts() const {
    return windows_;
  }

 private:
  struct After {
    std::uint64_t sum = 0;
    std::uint64_t digest = 0;
  };
  std::unordered_map<std::string, std::vector<After>> users_;  // after each event
  std::map<std::string, std::int64_t> windows_;                // "USER@START"
  Rows profiles_;
};

// Eight bytes, the most significant first: how the library writes a number.
[[nodiscard]] std::string big_endian(std::int64_t number);
// The inverse. Throws std::runtime_error if it is not eight bytes.
[[nodiscard]] std::int64_t number_in(std::string_view bytes);

}  // namespace robustness
