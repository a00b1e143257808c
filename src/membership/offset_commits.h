#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/coordinator_link.h"
#include "kafka/wire/messages.h"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace moldau::inline v0::membership {

// Commits offsets as a member of a group, over a connection of its own, so that neither a
// commit nor a heartbeat waits for the other. One thread only.
class OffsetCommits {
 public:
  // What came of one attempt.
  enum class Outcome : std::uint8_t {
    committed,
    repeat,          // undecided or not done: nothing is known to be wrong
    stale,           // the group knows another epoch of the member
    unknown_member,  // the group does not know the member
    refused,
  };
  struct Attempt {
    Outcome outcome = Outcome::committed;
    Status status;
  };

  // Members of streams groups commit in version 9 only; 8 is the same to a classic group, and known
  // to brokers before Kafka 3.7.
  enum class Version : std::int16_t { classic = 8, streams = 9 };

  // `clock` must outlive it.
  OffsetCommits(std::unique_ptr<kafka::wire::CoordinatorLink> link, std::string group_id,
                const Clock& clock, Version version = Version::streams);

  // Waits at most `timeout`, longer only while a TCP connection is being made. Without an answer in
  // that time the same attempt made again goes on waiting for it; commits are idempotent, so it may
  // be made again whatever came of it.
  Attempt attempt(std::span<const kafka::CommittedOffset> offsets, const std::string& member_id,
                  MemberEpoch epoch, std::chrono::milliseconds timeout);

 private:
  struct UnderWay {
    kafka::wire::OffsetCommitRequest request;
    Clock::Steady started;
  };

  std::optional<Attempt> finish(Clock::Steady deadline);
  [[nodiscard]] static Attempt not_sent(Status status);
  [[nodiscard]] Attempt not_yet() const;
  Attempt judge(const kafka::wire::OffsetCommitResponse& answer);

  const std::unique_ptr<kafka::wire::CoordinatorLink> link_;
  const std::string group_id_;
  const Clock& clock_;
  const Version version_;
  std::optional<UnderWay> under_way_;
};

}  // namespace moldau::inline v0::membership
