#include "robustness/soak_model.h"

namespace robustness {

namespace {

constexpr std::int64_t window = 10'000;  // milliseconds

}  // namespace

void SoakModel::event(const SoakEvent& event, std::int64_t timestamp) {
  std::vector<After>& user = users_[event.user];
  After next = user.empty() ? After{} : user.back();
  next.sum += static_cast<std::uint64_t>(event.amount);
  next.digest = next.digest * 31 + static_cast<std::uint64_t>(event.number);
  user.push_back(next);
  ++windows_[event.user + "@" + std::to_string(timestamp - timestamp % window)];
}

void SoakModel::profile(const std::string& user, const std::optional<std::string>& version) {
  if (version) profiles_[user] = *version;
  if (!version) profiles_.erase(user);
}

std::string SoakModel::total(const std::string& user, std::size_t events) const {
  const auto found = users_.find(user);
  if (found == users_.end() || events == 0 || events > found->second.size()) return {};
  const After& after = found->second[events - 1];
  return std::to_string(events) + " " + std::to_string(after.sum) + " " +
         std::to_string(after.digest);
}

SoakModel::Rows SoakModel::counts() const {
  Rows rows;
  for (const auto& [user, after] : users_) {
    rows[user] = big_endian(static_cast<std::int64_t>(after.size()));
  }
  return rows;
}

SoakModel::Rows SoakModel::totals() const {
  Rows rows;
  for (const auto& [user, after] : users_) rows[user] = total(user, after.size());
  return rows;
}

SoakModel::Rows SoakModel::windows() const {
  Rows rows;
  for (const auto& [name, count] : windows_) {
    const std::size_t at = name.find('@');
    const std::string key =
        name.substr(0, at) + big_endian(std::stoll(name.substr(at + 1))) + std::string(4, '\0');
    rows[key] = big_endian(count);
  }
  return rows;
}

std::string big_endian(std::int64_t number) {
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> (shift - 8));
  }
  return bytes;
}

std::int64_t number_in(std::string_view bytes) {
  if (bytes.size() != 8) throw std::runtime_error("a number is not eight bytes long");
  std::uint64_t number = 0;
  for (const char c : bytes) number = (number << 8U) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

}  // namespace robustness
