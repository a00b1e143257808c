#pragma once

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace robustness {

// An event of the soak: the value of a record, in words.
struct SoakEvent {
  std::int64_t number = 0;  // from 1, over all users
  std::string user;
  std::int64_t key_number = 0;  // from 1, of this user
  std::int64_t amount = 0;

  [[nodiscard]] std::string text() const {
    return std::to_string(number) + " " + user + " " + std::to_string(key_number) + " " +
           std::to_string(amount);
  }
  // Throws std::runtime_error if it is not one.
  static SoakEvent parse(const std::string& text) {
    SoakEvent event;
    std::istringstream words{text};
    if (!(words >> event.number >> event.user >> event.key_number >> event.amount)) {
      throw std::runtime_error("not an event: " + text);
    }
    return event;
  }
};

// What a seed sends: event after event, and some new versions of users' profiles in between. Now
// and then a guest comes, whose profile is deleted soon and for good. The same seed makes the same
// ones.
class SoakEvents {
 public:
  struct Profile {
    std::string user;
    std::int64_t version = 0;  // from 1, of this user
  };

  explicit SoakEvents(std::uint64_t seed) : state_(seed) {}

  SoakEvent next_event() {
    SoakEvent event{.number = ++events_,
                    .user = draw_user(),
                    .amount = static_cast<std::int64_t>(draw() * 1000) + 1};
    event.key_number = ++of_user_[event.user];
    return event;
  }
  Profile next_profile() {
    Profile profile{.user = draw_user()};
    profile.version = ++versions_[profile.user];
    return profile;
  }

  // The next guest that comes, and the one that goes; "" while nobody has to go.
  std::pair<std::string, std::string> next_guests() {
    ++guests_;
    return {"guest" + std::to_string(guests_),
            guests_ > guests_at_a_time ? "guest" + std::to_string(guests_ - guests_at_a_time) : ""};
  }

  // All events of a user are in one partition, in order; users of different partitions meet again
  // behind the repartition topic.
  static std::int32_t partition_of(const std::string& user, std::int32_t partitions) {
    return static_cast<std::int32_t>(std::stol(user.substr(1)) % partitions);
  }

 private:
  static constexpr double users = 300;
  static constexpr std::int64_t guests_at_a_time = 60;

  // Some users are much busier than others.
  std::string draw_user() {
    const double unit = draw();
    return "u" + std::to_string(static_cast<int>(unit * unit * users));
  }
  // In [0, 1), by splitmix64.
  double draw() {
    std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) / static_cast<double>(1ULL << 53);
  }

  std::uint64_t state_;
  std::int64_t events_ = 0;
  std::int64_t guests_ = 0;
  std::unordered_map<std::string, std::int64_t> of_user_;
  std::unordered_map<std::string, std::int64_t> versions_;
};

}  // namespace robustness
