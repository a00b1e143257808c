#include "moldau/testing/manual_clock.h"

#include "kafka/member.h"
#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

// What only the in-process broker can show: time that is moved by hand, calls that go wrong on
// demand, decisions that have not reached everybody yet. All on one thread, nothing waits.
namespace moldau {

namespace {

using namespace std::chrono_literals;
using kafka::Isolation;
using kafka::memory::Broker;
using kafka::memory::Call;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds at_once{0};

class MemoryBroker : public ::testing::Test {
 protected:
  MemoryBroker() { make_topic("topic", 1); }

  void make_topic(const std::string& name, std::int32_t partitions,
                  const kafka::TopicConfig& config = {}) {
    Broker::Turn turn{broker_};
    ASSERT_TRUE(
        turn->topics.create({.name = name, .partitions = partitions, .config = config}).ok());
  }
  [[nodiscard]] std::unique_ptr<kafka::Producer> producer(const std::string& id = {},
                                                          kafka::ClientSettings settings = {}) {
    return *clients_->make_producer(
        {.client_id = "p", .transactional_id = id, .settings = std::move(settings)});
  }
  [[nodiscard]] std::unique_ptr<kafka::Producer> transactional(const std::string& id) {
    auto made = producer(id);
    EXPECT_TRUE(made->init_transactions(at_once).ok());
    return made;
  }
  static Status send(kafka::Producer& to, const std::string& topic, const std::string& key,
                     const std::string& value) {
    return to.send({.topic = to.topic(topic, true),
                    .partition = PartitionId{0},
                    .key = Bytes{key},
                    .value = Bytes{value},
                    .timestamp = {}});
  }
  [[nodiscard]] std::vector<std::string> read(const std::string& topic,
                                              Isolation isolation = Isolation::read_committed) {
    const auto reader = *clients_->make_consumer(
        {.client_id = "c", .group_id = {}, .isolation = isolation, .settings = {}});
    const kafka::PartitionPosition position{.partition = {topic, PartitionId{0}}, .offset = {}};
    EXPECT_TRUE(reader->assign({&position, 1}).ok());
    kafka::Polled polled;
    EXPECT_TRUE(reader->poll(at_once, polled).ok());
    std::vector<std::string> values;
    for (const auto& batch : polled.batches) {
      for (const auto& record : batch.records) values.emplace_back(record.value()->text());
    }
    return values;
  }

  [[nodiscard]] Member member(const std::string& id, const std::string& process = {}) {
    return Member{*memberships_->make_member({.group_id = "group",
                                              .client_id = "m",
                                              .process_id = process.empty() ? id : process,
                                              .member_id = id,
                                              .rebalance_timeout = 10s,
                                              .settings = {},
                                              .on_event = {}})};
  }
  [[nodiscard]] Member join(const std::string& id, const std::string& process = {}) {
    kafka::Subtopology part;
    part.id = SubtopologyId{0};
    part.source_topics = {"input"};
    part.changelog_topics = {{.name = "group-store-changelog", .config = {}}};
    Member joined = member(id, process);
    EXPECT_TRUE(joined.membership().join({{part}}).ok());
    return joined;
  }
  // Until nothing moves any more: a standby that becomes active takes three answers.
  template <class... Members>
  static void settle(Members&... members) {
    for (int round = 0; round < 4; ++round) (members.look(), ...);
  }
  [[nodiscard]] Result<std::vector<kafka::CommittedOffset>> committed() {
    const auto reader =
        *clients_->make_consumer({.client_id = "c", .group_id = "group", .settings = {}});
    const TopicPartition partition{"input", PartitionId{0}};
    return reader->committed({&partition, 1}, at_once);
  }
  static std::vector<kafka::CommittedOffset> offset(std::int64_t next) {
    return {{.partition = {"input", PartitionId{0}}, .next = Offset{next}, .metadata = {}}};
  }

  testing::ManualClock clock_{Timestamp{std::int64_t{1'000'000}}};
  Broker broker_{clock_, {.groups = {.session_timeout = 45s, .standby_replicas = 1}}};
  std::unique_ptr<kafka::KafkaClients> clients_ = kafka::memory::make_clients(broker_);
  std::unique_ptr<kafka::Memberships> memberships_ = kafka::memory::make_memberships(broker_);
};

TEST_F(MemoryBroker, ADecisionShowsOnlyWhereItsMarkerHasArrived) {
  make_topic("other", 1);
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  ASSERT_TRUE(send(*writer, "other", "k", "b").ok());
  ASSERT_TRUE(writer->add_offsets("group", offset(3), {}, at_once).ok());
  {
    Broker::Turn turn{broker_};
    turn->transactions.hold_markers(true, turn.wall());
  }

  ASSERT_TRUE(writer->commit_transaction(at_once).ok());

  EXPECT_THAT(read("topic"), IsEmpty());
  EXPECT_TRUE(committed().error().retriable());
  {
    Broker::Turn turn{broker_};
    ASSERT_EQ(turn->transactions.pending_markers().size(), 3U);
    EXPECT_EQ(turn->transactions.pending_markers()[0].partition->topic, "other");
    turn->transactions.deliver_marker(2, turn.wall());  // the group's: before its records show
    turn->transactions.deliver_marker(0, turn.wall());
  }
  EXPECT_EQ(committed()->front().next, Offset{3});
  EXPECT_THAT(read("other"), ElementsAre("b"));
  EXPECT_THAT(read("topic"), IsEmpty());
  {
    Broker::Turn turn{broker_};
    turn->transactions.hold_markers(false, turn.wall());
    EXPECT_THAT(turn->transactions.unfinished(), IsEmpty());
  }
  EXPECT_THAT(read("topic"), ElementsAre("a"));
}

TEST_F(MemoryBroker, TheNextTransactionWaitsForTheMarkersOfTheLast) {
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  {
    Broker::Turn turn{broker_};
    turn->transactions.hold_markers(true, turn.wall());
  }
  ASSERT_TRUE(writer->commit_transaction(at_once).ok());

  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "b").ok());
  EXPECT_TRUE(writer->flush(at_once).retriable());
  EXPECT_TRUE(writer->commit_transaction(at_once).error().retriable());
  EXPECT_EQ(producer("id")->init_transactions(at_once).code(), ErrorCode::not_ready);
  {
    Broker::Turn turn{broker_};
    turn->transactions.hold_markers(false, turn.wall());
  }

  EXPECT_TRUE(writer->flush(at_once).ok());
  EXPECT_TRUE(writer->commit_transaction(at_once).ok());
  EXPECT_THAT(read("topic"), ElementsAre("a", "b"));
}

TEST_F(MemoryBroker, AnEndWhoseAnswerIsLostTookPlaceAndIsNotClean) {
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  Broker::Turn { broker_ } -> faults.drop_next_answer(Call::end_transaction);

  EXPECT_TRUE(writer->commit_transaction(at_once).error().retriable());
  EXPECT_THAT(read("topic"), ElementsAre("a"));
  EXPECT_EQ(writer->abort_transaction(at_once).error().code(), ErrorCode::invalid_state);
  const Result<kafka::TransactionEnd> again = writer->commit_transaction(at_once);

  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_FALSE(again->clean);
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "b").ok());
  EXPECT_TRUE(writer->commit_transaction(at_once)->clean);
}

TEST_F(MemoryBroker, ARefusedCallHasNoEffect) {
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  const Status loading = Status::retriable(ErrorCode::not_ready, "the coordinator is loading");
  Broker::Turn { broker_ } -> faults.refuse_next(Call::end_transaction, loading, 2);

  EXPECT_EQ(writer->commit_transaction(at_once).error().code(), ErrorCode::not_ready);
  EXPECT_THAT(read("topic"), IsEmpty());
  EXPECT_EQ(writer->commit_transaction(at_once).error().code(), ErrorCode::not_ready);
  EXPECT_TRUE(writer->commit_transaction(at_once)->clean);

  EXPECT_THAT(read("topic"), ElementsAre("a"));
}

TEST_F(MemoryBroker, ARecordThatCannotBeWrittenMakesItsTransactionUncommittable) {
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  Broker::Turn {
    broker_
    } -> faults.refuse_next(
        Call::produce, Status::permanent(ErrorCode::authorization_failed, "no WRITE on topic"));

  ASSERT_TRUE(send(*writer, "topic", "k", "refused").ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "taken").ok());

  const Result<kafka::TransactionEnd> ended = writer->commit_transaction(at_once);
  ASSERT_FALSE(ended.ok());
  EXPECT_TRUE(ended.error().requires_abort());
  const kafka::Deliveries deliveries = writer->take_deliveries();
  ASSERT_EQ(deliveries.failed.size(), 1U);
  EXPECT_EQ(deliveries.failed[0].value->bytes(), Bytes{"refused"});
  EXPECT_EQ(deliveries.failed[0].status.code(), ErrorCode::authorization_failed);
  ASSERT_TRUE(writer->abort_transaction(at_once).ok());
  EXPECT_THAT(read("topic"), IsEmpty());
}

TEST_F(MemoryBroker, AFullQueueIsSaidAndEmptiesInOrder) {
  const auto writer = producer({}, {{"queue.buffering.max.messages", "2"}});
  Broker::Turn {
    broker_
    } -> faults.refuse_next(Call::produce,
                            Status::retriable(ErrorCode::not_ready, "the leader moves"), 4);

  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "b").ok());
  EXPECT_EQ(send(*writer, "topic", "k", "c").code(), ErrorCode::queue_full);
  EXPECT_TRUE(writer->take_deliveries().acked.empty());
  ASSERT_TRUE(writer->flush(at_once).ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "c").ok());

  EXPECT_THAT(read("topic"), ElementsAre("a", "b", "c"));
  EXPECT_EQ(writer->take_deliveries().acked.at(0).offset, Offset{2});
}

TEST_F(MemoryBroker, ABadProducerSettingIsNamed) {
  const auto made = clients_->make_producer(
      {.client_id = "p", .transactional_id = {}, .settings = {{"transaction.timeout.ms", "soon"}}});

  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{made.error().message()}, ::testing::HasSubstr("transaction.timeout.ms"));
}

TEST_F(MemoryBroker, ATransactionEndsByItselfWhenItsTimeHasPassedOnTheClock) {
  auto writer = producer("id", {{"transaction.timeout.ms", "10000"}});
  ASSERT_TRUE(writer->init_transactions(at_once).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());

  clock_.advance(9'999ms);
  EXPECT_THAT(read("topic", Isolation::read_uncommitted), ElementsAre("a"));
  EXPECT_FALSE(Broker::Turn { broker_ } -> transactions.unfinished().empty());
  clock_.advance(1ms);

  EXPECT_TRUE(Broker::Turn { broker_ } -> transactions.unfinished().empty());
  const Status status = writer->commit_transaction(at_once).error();
  EXPECT_EQ(status.code(), ErrorCode::producer_fenced);
  EXPECT_TRUE(status.fatal());
  EXPECT_TRUE(writer->begin_transaction().fatal());
}

TEST_F(MemoryBroker, AFencedProducerCannotWriteAnyMore) {
  const auto writer = transactional("id");
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "topic", "k", "a").ok());
  {
    Broker::Turn turn{broker_};
    turn->transactions.fence("id", turn.wall());
  }

  ASSERT_TRUE(send(*writer, "topic", "k", "zombie").ok());

  const kafka::Deliveries deliveries = writer->take_deliveries();
  ASSERT_EQ(deliveries.failed.size(), 1U);
  EXPECT_TRUE(deliveries.failed[0].status.fatal());
  EXPECT_TRUE(send(*writer, "topic", "k", "again").fenced());
  EXPECT_THAT(read("topic", Isolation::read_uncommitted), ElementsAre("a"));
}

TEST_F(MemoryBroker, ATombstoneIsKeptForDeleteRetention) {
  make_topic("table", 1, {{"cleanup.policy", "compact"}, {"delete.retention.ms", "60000"}});
  const auto writer = producer();
  ASSERT_TRUE(send(*writer, "table", "a", "1").ok());
  const TopicHandle table = writer->topic("table", true);
  ASSERT_TRUE(writer
                  ->send({.topic = table,
                          .partition = PartitionId{0},
                          .key = Bytes{"a"},
                          .value = {},
                          .timestamp = {}})
                  .ok());
  const auto left = [&] {
    Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find("table"), turn.wall());
    return turn->topics.find("table")->partitions[0].entries();
  };

  EXPECT_EQ(left(), 1U);
  clock_.advance(59'999ms);
  EXPECT_EQ(left(), 1U);
  clock_.advance(1ms);
  EXPECT_EQ(left(), 0U);

  Broker::Turn turn{broker_};
  EXPECT_EQ(turn->topics.find("table")->partitions[0].end(), Offset{2});
}

TEST_F(MemoryBroker, CompactionStopsAtTheFirstOpenTransaction) {
  make_topic("table", 1, {{"cleanup.policy", "compact"}});
  const auto plain = producer();
  const auto writer = transactional("id");
  ASSERT_TRUE(send(*plain, "table", "a", "1").ok());
  ASSERT_TRUE(send(*plain, "table", "a", "2").ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  ASSERT_TRUE(send(*writer, "table", "a", "open").ok());
  ASSERT_TRUE(send(*plain, "table", "a", "3").ok());
  {
    Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find("table"), turn.wall());
  }

  EXPECT_THAT(read("table", Isolation::read_uncommitted), ElementsAre("2", "open", "3"));
  ASSERT_TRUE(writer->abort_transaction(at_once).ok());
  {
    Broker::Turn turn{broker_};
    turn->topics.clean(*turn->topics.find("table"), turn.wall());
  }
  EXPECT_THAT(read("table", Isolation::read_uncommitted), ElementsAre("3"));
}

TEST_F(MemoryBroker, AGrowingCompactedTopicIsCleanedByItself) {
  Broker small{clock_, {.groups = {}, .compact_after = 10}};
  const auto clients = kafka::memory::make_clients(small);
  ASSERT_TRUE(Broker::Turn {
    small
  } -> topics.create({.name = "table", .partitions = 1, .config = {{"cleanup.policy", "compact"}}})
                  .ok());
  const auto writer =
      *clients->make_producer({.client_id = "p", .transactional_id = {}, .settings = {}});

  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(send(*writer, "table", "a", std::to_string(i)).ok());
  }

  EXPECT_LE(
      Broker::Turn { small } -> topics.find("table")->partitions[0].entries(), 11U);
}

TEST_F(MemoryBroker, ATopicWithRetentionForgetsOldRecordsWhenItIsCleaned) {
  make_topic("short", 1, {{"retention.ms", "1000"}});
  const auto writer = producer();
  ASSERT_TRUE(send(*writer, "short", "a", "old").ok());
  clock_.advance(1'001ms);
  ASSERT_TRUE(send(*writer, "short", "a", "new").ok());

  Broker::Turn turn{broker_};
  turn->topics.clean(*turn->topics.find("short"), turn.wall());

  EXPECT_EQ(turn->topics.find("short")->partitions[0].start(), Offset{1});
}

TEST_F(MemoryBroker, ACrashedMemberKeepsItsTasksUntilItsSessionEnds) {
  make_topic("input", 2);
  auto crashed = std::make_unique<Member>(join("a"));
  crashed->look();
  Member other = join("b");
  settle(*crashed, other);
  crashed.reset();

  clock_.advance(44'999ms);
  settle(other);
  EXPECT_EQ(other.active().size(), 1U);
  clock_.advance(1ms);
  settle(other);

  EXPECT_EQ(other.active().size(), 2U);
}

TEST_F(MemoryBroker, ALivingMemberOutlivesAnyJumpOfTheClock) {
  make_topic("input", 2);
  Member alive = join("a");
  alive.look();

  clock_.advance(10min);
  alive.look();

  EXPECT_EQ(alive.event(kafka::MembershipEvent::Kind::lost), nullptr);
}

TEST_F(MemoryBroker, ASilentMemberLosesItsTasksAndJoinsAgain) {
  make_topic("input", 2);
  Member paused = join("a");
  paused.look();
  Member other = join("b");
  settle(paused, other);
  const kafka::MemberSnapshot before = paused.membership().snapshot();
  broker_.set_silent("a", true);
  clock_.advance(45s);
  settle(other);
  EXPECT_EQ(other.active().size(), 2U);
  broker_.set_silent("a", false);

  EXPECT_EQ(paused.membership().commit(offset(3), before, at_once).code(), ErrorCode::stale_member);
  paused.look();
  EXPECT_NE(paused.event(kafka::MembershipEvent::Kind::lost), nullptr);
  settle(other, paused);

  EXPECT_EQ(paused.active().size(), 1U);
  EXPECT_EQ(other.active().size(), 1U);
}

TEST_F(MemoryBroker, AMemberThatDoesNotGiveTasksUpInTimeIsExpelled) {
  make_topic("input", 2);
  Member stuck = join("a");
  stuck.look();
  stuck.hold_back(true);
  Member other = join("b");
  stuck.look();
  ASSERT_TRUE(stuck.pending().has_value());

  clock_.advance(9'999ms);
  settle(other);
  EXPECT_THAT(other.active(), IsEmpty());
  clock_.advance(1ms);
  settle(other);

  EXPECT_EQ(other.active().size(), 2U);
  stuck.hold_back(false);
  stuck.acknowledge();
  stuck.look();
  EXPECT_NE(stuck.event(kafka::MembershipEvent::Kind::lost), nullptr);
}

TEST_F(MemoryBroker, NoFurtherAssignmentComesBeforeTheLastIsAcknowledged) {
  make_topic("input", 4);
  Member slow = join("a");
  slow.look();
  slow.hold_back(true);
  Member second = join("b");
  slow.look();
  const kafka::OwnedTasks asked = *slow.pending();
  Member third = join("c");

  EXPECT_TRUE(slow.membership().poll().empty());
  EXPECT_EQ(*slow.pending(), asked);
  slow.acknowledge();

  EXPECT_FALSE(slow.membership().poll().empty());
}

TEST_F(MemoryBroker, StandbysLiveInOtherProcesses) {
  make_topic("input", 2);
  Member a1 = join("a-1", "a");
  Member a2 = join("a-2", "a");
  Member b1 = join("b-1", "b");
  std::vector<Member*> members{&a1, &a2, &b1};
  for (int round = 0; round < 6; ++round) {
    for (Member* each : members) each->look();
  }

  std::map<TaskId, std::set<std::string>> processes;
  std::size_t roles = 0;
  for (Member* each : members) {
    const kafka::MemberSnapshot snapshot = each->membership().snapshot();
    const std::string process = snapshot.member_id.substr(0, 1);
    for (const kafka::TaskSet* tasks : {&snapshot.owned.active, &snapshot.owned.standby}) {
      for (const TaskId task : *tasks) {
        processes[task].insert(process);
        ++roles;
      }
    }
  }

  EXPECT_EQ(roles, 4U);
  for (const auto& [task, where] : processes) EXPECT_EQ(where.size(), 2U) << to_string(task);
}

TEST_F(MemoryBroker, AMemberIsToldOfNewsOutsideTheLock) {
  make_topic("input", 2);
  int told = 0;
  const auto reader = *clients_->make_consumer({.client_id = "c", .group_id = {}, .settings = {}});
  const auto listener = *memberships_->make_member({.group_id = "group",
                                                    .client_id = "m",
                                                    .process_id = "l",
                                                    .member_id = "l",
                                                    .settings = {},
                                                    .on_event = [&] {
                                                      ++told;
                                                      reader->wake();
                                                    }});

  Member other = join("a");
  other.look();

  EXPECT_GT(told, 0);
}

TEST_F(MemoryBroker, ALostAnswerToACommitIsACommit) {
  make_topic("input", 2);
  Member alone = join("a");
  alone.look();
  Broker::Turn { broker_ } -> faults.drop_next_answer(Call::commit_offsets);

  const Status status =
      alone.membership().commit(offset(3), alone.membership().snapshot(), at_once);

  EXPECT_TRUE(status.retriable());
  EXPECT_EQ(committed()->front().next, Offset{3});
}

TEST_F(MemoryBroker, ALateAnswerSaysWhatWasCommittedWhenItWasAskedUnlessItIsForgotten) {
  make_topic("input", 2);
  Member alone = join("a");
  alone.look();
  const auto reader =
      *clients_->make_consumer({.client_id = "c", .group_id = "group", .settings = {}});
  const std::vector<TopicPartition> partitions{{"input", PartitionId{0}}};
  const auto asked_late = [&] {
    Broker::Turn { broker_ } -> faults.drop_next_answer(Call::committed_offsets);
    EXPECT_TRUE(reader->committed(partitions, at_once).error().retriable());
  };
  const auto commits = [&](std::int64_t next) {
    ASSERT_TRUE(
        alone.membership().commit(offset(next), alone.membership().snapshot(), at_once).ok());
  };

  asked_late();
  commits(3);
  EXPECT_TRUE(reader->committed(partitions, at_once)->empty());
  EXPECT_EQ(*reader->committed(partitions, at_once), offset(3));
  asked_late();
  commits(4);
  reader->forget_question();
  EXPECT_EQ(*reader->committed(partitions, at_once), offset(4));
}

TEST_F(MemoryBroker, AnEpochThatTheGroupHasNotReachedIsRefused) {
  make_topic("input", 2);
  Member alone = join("a");
  alone.look();
  kafka::MemberSnapshot ahead = alone.membership().snapshot();
  ahead.epoch = ahead.epoch + 1;

  EXPECT_EQ(alone.membership().commit(offset(3), ahead, at_once).code(), ErrorCode::stale_member);
  EXPECT_TRUE(committed()->empty());
}

TEST_F(MemoryBroker, WithoutAMemberIdOnlyAnEmptyGroupTakesCommits) {
  make_topic("input", 2);
  Member stranger = member("stranger");
  const kafka::MemberSnapshot nobody;

  EXPECT_TRUE(stranger.membership().commit(offset(1), nobody, at_once).ok());
  Member alone = join("a");
  EXPECT_EQ(stranger.membership().commit(offset(2), nobody, at_once).code(),
            ErrorCode::stale_member);
  EXPECT_EQ(committed()->front().next, Offset{1});
}

TEST_F(MemoryBroker, AShutdownThatWasAskedForIsToldOnce) {
  make_topic("input", 1);
  Member alone = join("a");
  alone.look();
  Broker::Turn { broker_ } -> groups.group("group").request_shutdown();

  alone.look();

  EXPECT_NE(alone.event(kafka::MembershipEvent::Kind::shutdown_requested), nullptr);
  EXPECT_TRUE(alone.membership().poll().empty());
}

}  // namespace

}  // namespace moldau
