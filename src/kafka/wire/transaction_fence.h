#pragma once

#include "moldau/base/clock.h"

#include "kafka/wire/connection.h"
#include "kafka/wire/request_channel.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// Fences the older producers of a transactional id and waits until what they left open is ended.
//
// Done before librdkafka does the same, which is told to ask again while the coordinator is ending
// a transaction, and asks again half a second later: after a crash the new process would wait for
// that once or twice. A head start only. librdkafka's InitProducerId follows in any case, and
// whatever goes wrong here is left to it, and to its error messages.
//
// Used on one thread. `clock` must outlive it.
class TransactionFence {
 public:
  struct Target {
    std::string transactional_id;
    std::string client_id;
    std::vector<Endpoint> servers;
    // The broker keeps the last one it is told: the same as the producer's own.
    std::chrono::milliseconds transaction_timeout;
  };
  // Throws ConfigError if the client id is longer than the protocol can carry.
  TransactionFence(std::unique_ptr<Connection> connection, Target target, const Clock& clock);

  enum class Progress : std::uint8_t {
    ended,      // nothing older is open
    not_ended,  // not within the time given: call again
    given_up,   // not to be found out here
  };
  // Waits at most `timeout`, and in the first call as long as it takes to connect: no more than
  // connect_patience for each step of that.
  Progress advance(std::chrono::milliseconds timeout);

  static constexpr std::chrono::milliseconds connect_patience{1'000};
  // Between two looks at a transaction that is being ended.
  static constexpr std::chrono::milliseconds look_again_after{20};
  // A coordinator that says nothing for so long will not.
  static constexpr std::chrono::milliseconds answer_patience{5'000};

 private:
  bool connect();

  const std::unique_ptr<Connection> connection_;
  const Target target_;
  const Clock& clock_;
  RequestChannel channel_;
  Clock::Steady asked_at_;
};

}  // namespace moldau::inline v0::kafka::wire
