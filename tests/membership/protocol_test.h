#pragma once

#include "membership/member_protocol.h"
#include "membership/wire_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace moldau::inline v0::membership {

using namespace std::chrono_literals;
using kafka::MembershipEvent;
using kafka::OwnedTasks;
using kafka::TaskSet;
using State = MemberProtocol::State;

inline TaskSet tasks(std::initializer_list<std::pair<int, int>> ids) {
  TaskSet set;
  for (const auto& [part, partition] : ids)
    set.insert({SubtopologyId{part}, PartitionId{partition}});
  return set;
}

inline OwnedTasks active(std::initializer_list<std::pair<int, int>> ids) {
  return {.active = tasks(ids), .standby = {}};
}

// What the coordinator answers.
inline MemberProtocol::Heartbeat::Response unchanged(int epoch) {
  MemberProtocol::Heartbeat::Response answer;
  answer.member_epoch = epoch;
  answer.heartbeat_interval_ms = 5'000;
  answer.status.emplace();
  return answer;
}

inline MemberProtocol::Heartbeat::Response assigns(int epoch, const OwnedTasks& target) {
  MemberProtocol::Heartbeat::Response answer = unchanged(epoch);
  answer.active_tasks = to_wire(target.active);
  answer.standby_tasks = to_wire(target.standby);
  answer.warmup_tasks.emplace();
  return answer;
}

inline MemberProtocol::Heartbeat::Response with_status(MemberProtocol::Heartbeat::Response answer,
                                                       int code, std::string detail = "detail") {
  answer.status->push_back(
      {.status_code = static_cast<std::int8_t>(code), .status_detail = std::move(detail)});
  return answer;
}

inline MemberProtocol::Heartbeat::Response error(int code, std::string message = "why") {
  MemberProtocol::Heartbeat::Response answer;
  answer.error_code = static_cast<std::int16_t>(code);
  answer.error_message = std::move(message);
  return answer;
}

inline MemberProtocol::Describe::Response describes(int epoch, const OwnedTasks& current,
                                                    const std::string& member = "m") {
  MemberProtocol::Describe::Response answer;
  auto& group = answer.groups.emplace_back();
  group.group_id = "g";
  auto& self = group.members.emplace_back();
  self.member_id = member;
  self.member_epoch = epoch;
  self.current.active = to_wire(current.active);
  self.current.standby = to_wire(current.standby);
  return answer;
}

// A member without a coordinator: the test is the coordinator, the stream thread and the clock.
class ProtocolTest : public ::testing::Test {
 protected:
  // The next request, when it is wanted.
  MemberProtocol::Request next() {
    const auto due = protocol.request_due();
    if (!due) throw std::logic_error("no request is wanted");
    now = std::max(now, *due);
    return protocol.next_request(now);
  }
  MemberProtocol::Heartbeat beat() { return std::get<MemberProtocol::Heartbeat>(next()); }
  std::chrono::milliseconds pause_before_next() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(*protocol.request_due() - now);
  }
  template <class Response>
  Advice answer(const Response& response) {
    return protocol.answered(response, now);
  }

  // The one event that waits.
  MembershipEvent event() {
    std::vector<MembershipEvent> events = protocol.poll(now);
    if (events.size() != 1) {
      throw std::logic_error(std::to_string(events.size()) + " events instead of one");
    }
    return std::move(events.front());
  }
  std::vector<MembershipEvent> events() { return protocol.poll(now); }
  void acknowledge(const OwnedTasks& owned) { protocol.acknowledge(owned, now); }

  // A member that runs `owned` in `epoch`, with nothing going on.
  void settle(const OwnedTasks& owned, int epoch = 3) {
    protocol.join({}, now);
    beat();
    answer(assigns(epoch, owned));
    event();
    acknowledge(owned);
    beat();
    answer(unchanged(epoch));
    now += 10s;
    beat();
    answer(unchanged(epoch));
    ASSERT_EQ(protocol.state(), State::stable);
  }

  Clock::Steady now{1'000s};
  MemberProtocol protocol{
      {.group_id = "g", .member_id = "m", .process_id = "p", .rebalance_timeout = 300s}};
};

inline bool lists_nothing(const MemberProtocol::Heartbeat& heartbeat) {
  return !heartbeat.active_tasks && !heartbeat.standby_tasks && !heartbeat.warmup_tasks;
}

inline std::optional<OwnedTasks> listed(const MemberProtocol::Heartbeat& heartbeat) {
  if (!heartbeat.active_tasks || !heartbeat.standby_tasks || !heartbeat.warmup_tasks) {
    return std::nullopt;
  }
  return from_wire(*heartbeat.active_tasks, *heartbeat.standby_tasks);
}

}  // namespace moldau::inline v0::membership
