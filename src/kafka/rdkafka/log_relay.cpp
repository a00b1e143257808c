#include "kafka/rdkafka/log_relay.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

constexpr std::chrono::seconds interval{10};
constexpr int syslog_warning = 4;
constexpr int syslog_info = 6;

// Connections come and go, and librdkafka makes new ones: whether that matters is said once by
// whoever waits for an answer. What fails a transaction or a client is the outcome of a call, and
// what is not delivered when a producer ends is its owner's decision. Settings that are not for
// this kind of client (CONFWARN) are the user's for another one.
bool is_ordinary(std::string_view facility) {
  constexpr std::array<std::string_view, 12> kinds{
      "FAIL",   "CONNECT", "ERROR",  "REQTMOUT",  "RESOLVE",  "MAXINFLIGHT",
      "TXNERR", "FATAL",   "GETPID", "TERMINATE", "CONFWARN", "AUTOCREATE"};
  return std::ranges::find(kinds, facility) != kinds.end();
}

LogLevel level_of(int syslog_level, std::string_view facility) {
  if (is_ordinary(facility)) return LogLevel::debug;
  if (syslog_level <= syslog_warning) return LogLevel::warning;
  return syslog_level <= syslog_info ? LogLevel::debug : LogLevel::trace;
}

}  // namespace

LogRelay::LogRelay(const Clock& clock, std::shared_ptr<Logger> logger, std::string client_id,
                   SecretValues secrets)
    : clock_(clock),
      logger_(std::move(logger)),
      client_id_(std::move(client_id)),
      secrets_(std::move(secrets)) {}

void LogRelay::line(int syslog_level, std::string_view facility, std::string_view text) {
  const LogLevel level = level_of(syslog_level, facility);
  if (!logger_->enabled(level)) return;
  std::uint64_t left_out = 0;
  // What somebody asked to see by `debug` is written in full.
  if (level != LogLevel::trace) {
    const Clock::Steady now = clock_.steady();
    const std::lock_guard lock{mutex_};
    const auto [kind, is_new] = kinds_.try_emplace(std::string{facility}, Kind{.last = now});
    if (!is_new && now - kind->second.last < interval) {
      ++kind->second.left_out;
      return;
    }
    kind->second.last = now;
    left_out = std::exchange(kind->second.left_out, 0);
  }
  std::string message = "librdkafka, client " + client_id_ + ": ";
  message += facility;
  message += ": ";
  message += secrets_.hide(text);
  if (left_out > 0) message += " (" + std::to_string(left_out) + " similar lines left out)";
  logger_->log(level, message);
}

}  // namespace moldau::inline v0::kafka::rdkafka
