#include "moldau/base/random.h"

#include "eventually.h"
#include "kafka/classic_process.h"
#include "kafka/member.h"
#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace moldau {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds patience{30};

// Two processes with a member each, in a classic group of the in-process broker.
class HeldPlace : public ::testing::Test {
 protected:
  HeldPlace() {
    const kafka::NewTopic topic{.name = "in", .partitions = 4, .replication = 1, .config = {}};
    kafka::memory::Broker::Turn turn{broker_};
    EXPECT_TRUE(turn->topics.create(topic).ok());
  }

  [[nodiscard]] std::unique_ptr<kafka::Memberships> process() {
    return make_classic_process(broker_, *clients_, *random_, 60s, 20ms);
  }
  static Member join(kafka::Memberships& process, const std::string& name) {
    auto made = process.make_member({.group_id = "app",
                                     .client_id = name,
                                     .process_id = name,
                                     .member_id = name + "-1",
                                     .settings = memory_address,
                                     .on_event = {}});
    EXPECT_TRUE(made.ok()) << made.error().message();
    kafka::Subtopology part;
    part.id = SubtopologyId{0};
    part.source_topics = {"in"};
    Member member{*std::move(made)};
    EXPECT_TRUE(member.membership().join({{part}}).ok());
    return member;
  }

  kafka::memory::Broker broker_{system_clock()};
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::unique_ptr<kafka::Memberships> first_ = process();
  std::unique_ptr<kafka::Memberships> second_ = process();
};

TEST_F(HeldPlace, TasksWaitForAMemberThatHoldsItsPlaceAndMoveWhenAnotherLeaves) {
  Member a = join(*first_, "a");
  Member b = join(*second_, "b");
  const auto both_have_two = [&] {
    a.look();
    b.look();
    return a.active().size() == 2 && b.active().size() == 2;
  };
  ASSERT_TRUE(eventually(patience, both_have_two));
  const kafka::TaskSet had = a.active();

  first_->hold_places("app");
  ASSERT_TRUE(a.membership().leave(1s).ok());
  // Time enough for many heartbeats.
  EXPECT_FALSE(eventually(500ms, [&] {
    b.look();
    return b.active().size() > 2;
  })) << "the tasks have moved";

  Member back = join(*first_, "a");
  ASSERT_TRUE(eventually(patience, [&] {
    back.look();
    b.look();
    return back.active() == had;
  }));
  ASSERT_TRUE(back.membership().leave(1s).ok());
  EXPECT_TRUE(eventually(patience, [&] {
    b.look();
    return b.active().size() == 4;
  })) << "who does not hold its place leaves";
  EXPECT_TRUE(b.membership().leave(1s).ok());
}

}  // namespace

}  // namespace moldau
