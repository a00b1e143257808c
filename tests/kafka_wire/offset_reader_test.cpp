#include "kafka/wire/offset_reader.h"

#include "moldau/testing/manual_clock.h"

#include "kafka/wire/errors.h"
#include "kafka_wire/scripted_coordinator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OffsetReaderTest : public ::testing::Test {
 protected:
  using Fetch = ScriptedCoordinator::Fetch;

  OffsetReaderTest() {
    cluster.fetch = [this](const Fetch& fetch) { return answer(fetch); };
  }

  // As a coordinator with `offsets`; without `speaking` it is silent.
  std::optional<Fetch::Response> answer(const Fetch& fetch) {
    if (!speaking) return std::nullopt;
    Fetch::Response response;
    auto& group = response.groups.emplace_back();
    group.group_id = fetch.groups.front().group_id;
    group.error_code = group_error;
    for (const Fetch::Topic& topic : *fetch.groups.front().topics) {
      auto& answered = group.topics.emplace_back();
      answered.topic = topic.topic;
      for (const std::int32_t number : topic.partitions) {
        const auto found = offsets.find({topic.topic, PartitionId{number}});
        answered.partitions.push_back({.partition = number,
                                       .offset = found == offsets.end() ? -1 : found->second,
                                       .metadata = "x",
                                       .error_code = partition_error});
      }
    }
    return response;
  }
  // Once it is connected, which may take several calls.
  Result<std::vector<CommittedOffset>> read(std::chrono::milliseconds timeout = 100ms) {
    for (int calls = 0; calls < 10; ++calls) {
      auto offsets_or_not = reader.read(partitions, timeout);
      if (offsets_or_not || cluster.fetches.size() > fetches_before) {
        fetches_before = cluster.fetches.size();
        return offsets_or_not;
      }
    }
    return Status::permanent(ErrorCode::other, "was not asked");
  }

  testing::ManualClock clock;
  FixedRandom random;
  ScriptedCoordinator cluster;
  OffsetReader reader{std::make_unique<CoordinatorLink>(
                          cluster.take_connection(),
                          CoordinatorLink::Target{.group_id = "g",
                                                  .client_id = "c",
                                                  .servers = {{"bootstrap", 9092}},
                                                  .kind = CoordinatorLink::GroupKind::classic},
                          clock, random),
                      "g", /*stable=*/true, clock};

  std::vector<TopicPartition> partitions{{"in", PartitionId{0}}, {"other", PartitionId{2}}};
  std::map<TopicPartition, std::int64_t> offsets{{partitions[0], 7}};
  bool speaking = true;
  std::int16_t group_error = error_code::none;
  std::int16_t partition_error = error_code::none;
  std::size_t fetches_before = 0;
};

TEST_F(OffsetReaderTest, ItAsksTheCoordinatorForStableOffsetsOfThePartitions) {
  const auto found = read();

  ASSERT_TRUE(found.ok()) << found.error().message();
  EXPECT_THAT(*found, ElementsAre(committed("in", 0, 7, "x")));
  EXPECT_THAT(cluster.fetches,
              ElementsAre(Fetch{
                  .groups = {{.group_id = "g",
                              .topics = std::vector<Fetch::Topic>{{"in", {0}}, {"other", {2}}}}},
                  .require_stable = true}));
}

TEST_F(OffsetReaderTest, ForNoPartitionsNobodyIsAsked) {
  EXPECT_THAT(*reader.read({}, 1s), IsEmpty());
  EXPECT_THAT(cluster.script->opened, IsEmpty());
}

TEST_F(OffsetReaderTest, AnAnswerThatTakesLongerThanACallIsTakenByTheNextForTheSamePartitions) {
  speaking = false;
  EXPECT_EQ(read().error().code(), ErrorCode::timed_out);
  cluster.script->answer_last(*[&] {
    speaking = true;
    return answer(cluster.fetches.back());
  }());

  const auto found = reader.read(partitions, 100ms);

  ASSERT_TRUE(found.ok()) << found.error().message();
  EXPECT_THAT(cluster.fetches, SizeIs(1));
}

TEST_F(OffsetReaderTest, AfterItWasForgottenAQuestionIsAskedAnewAndItsAnswerIsNotTaken) {
  speaking = false;
  EXPECT_TRUE(read().error().retriable());

  reader.forget();
  speaking = true;
  offsets[partitions[0]] = 9;

  EXPECT_THAT(*read(), ElementsAre(committed("in", 0, 9, "x")));
  EXPECT_THAT(cluster.fetches, SizeIs(2));
  EXPECT_THAT(cluster.script->opened, SizeIs(3)) << "the answer could come on the old connection";
}

TEST_F(OffsetReaderTest, OtherPartitionsAreAnotherQuestion) {
  speaking = false;
  EXPECT_TRUE(read().error().retriable());

  speaking = true;
  partitions.pop_back();

  EXPECT_THAT(*read(), ElementsAre(committed("in", 0, 7, "x")));
  EXPECT_THAT(cluster.fetches.back().groups.front().topics->size(), 1);
}

TEST_F(OffsetReaderTest, AnOffsetThatATransactionHoldsIsToBeAskedForAgain) {
  partition_error = 88;  // UNSTABLE_OFFSET_COMMIT

  const Status status = read().error();

  EXPECT_EQ(status.code(), ErrorCode::not_ready);
  EXPECT_TRUE(status.retriable());
  EXPECT_THAT(std::string{status.message()}, HasSubstr("for in-0"));
  partition_error = error_code::none;
  EXPECT_TRUE(read().ok()) << "at once, on the same connection";
}

TEST_F(OffsetReaderTest, ACoordinatorThatIsNoneAnyMoreIsLookedForAgain) {
  group_error = error_code::not_coordinator;
  EXPECT_TRUE(read().error().retriable());

  group_error = error_code::none;
  clock.advance(2s);

  EXPECT_TRUE(read().ok());
  EXPECT_EQ(cluster.finds, 2);
}

TEST_F(OffsetReaderTest, ACoordinatorThatSaysNothingIsAskedAgainOnANewConnection) {
  speaking = false;
  EXPECT_TRUE(read().error().retriable());
  clock.advance(CoordinatorLink::request_timeout);
  EXPECT_EQ(reader.read(partitions, 100ms).error().code(), ErrorCode::timed_out);

  speaking = true;
  clock.advance(2s);

  EXPECT_TRUE(read().ok());
  EXPECT_THAT(cluster.fetches, SizeIs(2));
}

TEST_F(OffsetReaderTest, CredentialsThatAreRefusedToAMemberMayBeGoodLater) {
  cluster.script->refused = Status::permanent(ErrorCode::authentication_failed, "password");

  const Status status = reader.read(partitions, 100ms).error();

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_TRUE(status.retriable());
  cluster.script->refused.reset();
  clock.advance(2s);
  EXPECT_TRUE(read().ok());
}

TEST_F(OffsetReaderTest, AGroupThatMayNotBeReadSaysSo) {
  group_error = error_code::group_authorization_failed;

  const Status status = read().error();

  EXPECT_EQ(status.code(), ErrorCode::authorization_failed);
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(std::string{status.message()}, HasSubstr("group \"g\""));
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
