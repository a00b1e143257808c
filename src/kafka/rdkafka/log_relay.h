#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"

#include "kafka/secrets.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace moldau::inline v0::kafka::rdkafka {

// Passes librdkafka's log lines on to a Logger. Of one kind (librdkafka's "facility") a line is
// written every ten seconds at most, and the next one says how many were left out: a broker that is
// away must not fill a disk. Secrets are taken out of all of them. Any thread; librdkafka logs from
// its own.
class LogRelay {
 public:
  // `clock` must outlive this.
  LogRelay(const Clock& clock, std::shared_ptr<Logger> logger, std::string client_id,
           SecretValues secrets = {});

  // `syslog_level` is 0 to 7 as in syslog(3).
  void line(int syslog_level, std::string_view facility, std::string_view text);

 private:
  struct Kind {
    Clock::Steady last;
    std::uint64_t left_out = 0;
  };

  const Clock& clock_;
  std::shared_ptr<Logger> logger_;
  std::string client_id_;
  const SecretValues secrets_;
  std::mutex mutex_;  // guards kinds_
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
