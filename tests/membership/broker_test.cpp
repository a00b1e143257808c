#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "broker/address.h"
#include "eventually.h"
#include "kafka/member.h"
#include "kafka/wire/bootstrap.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "membership/create_topic.h"
#include "membership/cutting_proxy.h"
#include "membership/streams_memberships.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using kafka::MembershipEvent;
using kafka::TaskSet;
using ::testing::HasSubstr;

constexpr std::chrono::milliseconds patience = 30s;
constexpr std::chrono::milliseconds call_timeout = 10s;

std::string unique(const std::string& name) {
  return name + "-" + std::to_string(make_system_random()->next());
}

// A topic with data in a task's input, and a store behind it.
kafka::Subscription counts_words(const std::string& topic, const std::string& group) {
  kafka::Subtopology reader;
  reader.id = SubtopologyId{0};
  reader.source_topics = {topic};
  reader.repartition_sink_topics = {group + "-words-repartition"};
  kafka::Subtopology counter;
  counter.id = SubtopologyId{1};
  counter.repartition_source_topics = {
      {.name = group + "-words-repartition", .config = {{"cleanup.policy", "delete"}}}};
  counter.changelog_topics = {
      {.name = group + "-counts-changelog", .config = {{"cleanup.policy", "compact"}}}};
  return {{reader, counter}};
}

class MembershipOnABroker : public ::testing::Test {
 protected:
  void create_topic(const std::string& name, std::int32_t partitions) {
    const auto connection = kafka::wire::make_connection({}, system_clock());
    ASSERT_TRUE(connection.ok());
    kafka::wire::RequestChannel channel{**connection, system_clock(), "test"};
    const auto servers = kafka::wire::parse_bootstrap_servers(address_);
    ASSERT_TRUE(kafka::wire::open_any(channel, *servers, call_timeout).ok());
    const auto answer = channel.call(
        kafka::wire::CreateTopicRequest{.name = name, .partitions = partitions}, call_timeout);
    ASSERT_TRUE(answer.ok()) << answer.error().message();
    ASSERT_EQ(answer->error_code, 0);
  }

  kafka::MembershipOptions options(const std::string& id) const {
    kafka::MembershipOptions result;
    result.group_id = group_;
    result.client_id = "membership-test";
    result.process_id = "process-of-" + id;
    result.member_id = id;
    result.rebalance_timeout = 20s;
    result.settings = {{"bootstrap.servers", address_}};
    return result;
  }
  Member member(const std::string& id) {
    auto made = memberships_->make_member(options(id));
    EXPECT_TRUE(made.ok()) << made.error().message();
    return Member{*std::move(made)};
  }
  Member join(const std::string& id) {
    Member joined = member(id);
    EXPECT_TRUE(joined.membership().join(counts_words(topic_, group_)).ok());
    return joined;
  }

  // A member whose connections all lead through `proxy`.
  Member join_through(CuttingProxy& proxy, const std::string& id) {
    through_proxy_ = membership::make_streams_memberships(
        {.clock = system_clock(),
         .random = *random_,
         .workers = thread_workers(),
         .logger = logger_,
         .make_connection = [&proxy](const kafka::ClientSettings& settings) {
           return detour(proxy, *kafka::wire::make_connection(settings, system_clock()));
         }});
    auto made = through_proxy_->make_member(options(id));
    EXPECT_TRUE(made.ok()) << made.error().message();
    Member joined{*std::move(made)};
    EXPECT_TRUE(joined.membership().join(counts_words(topic_, group_)).ok());
    return joined;
  }

  // As librdkafka sees it.
  std::int64_t committed(const std::string& topic, std::int32_t partition) const {
    char text[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", address_.c_str(), text, sizeof text);
    rd_kafka_conf_set(conf, "group.id", group_.c_str(), text, sizeof text);
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
    const auto error = rd_kafka_committed(client, list, static_cast<int>(call_timeout.count()));
    EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_err2str(error);
    const std::int64_t offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(client);
    return offset;
  }

  template <class... Members>
  static bool settle(std::vector<std::size_t> wanted, Members&... members) {
    return eventually(patience, [&] {
      (members.look(), ...);
      return std::vector<std::size_t>{members.active().size()...} == wanted;
    });
  }

  const std::string address_ = broker_address();
  const std::string topic_ = unique("words");
  const std::string group_ = unique("group");
  std::shared_ptr<Logger> logger_ = make_console_logger(LogLevel::debug);
  std::unique_ptr<Random> random_ = make_system_random();
  std::unique_ptr<kafka::Memberships> memberships_ = membership::make_streams_memberships(
      system_clock(), *random_, thread_workers(), logger_, {{"bootstrap.servers", address_}});
  std::unique_ptr<kafka::Memberships> through_proxy_;
};

TEST_F(MembershipOnABroker, ASingleMemberGetsAllTasks) {
  create_topic(topic_, 4);

  Member alone = join("a");

  EXPECT_TRUE(settle({8}, alone));
  EXPECT_GT(alone.membership().snapshot().epoch, MemberEpoch{0});
  EXPECT_EQ(alone.membership().snapshot().owned.active, alone.active());
  EXPECT_TRUE(alone.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, AMemberThatLeavesCanAskTheOthersToStop) {
  create_topic(topic_, 4);
  Member leaver = join("a");
  Member stayer = join("b");
  ASSERT_TRUE(settle({4, 4}, leaver, stayer));

  leaver.membership().ask_for_shutdown();
  EXPECT_TRUE(leaver.membership().leave(call_timeout).ok());

  EXPECT_TRUE(eventually(patience, [&] {
    stayer.look();
    return stayer.event(MembershipEvent::Kind::shutdown_requested) != nullptr;
  }));
  EXPECT_TRUE(stayer.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, TasksMoveOnceTheirOwnerHasAcknowledged) {
  create_topic(topic_, 4);
  Member first = join("a");
  ASSERT_TRUE(settle({8}, first));
  first.hold_back(true);

  Member second = join("b");
  ASSERT_TRUE(eventually(patience, [&] {
    first.look();
    second.look();
    return first.pending().has_value();
  }));
  EXPECT_EQ(first.pending()->active.size(), 4U);
  EXPECT_TRUE(second.active().empty());
  first.hold_back(false);
  ASSERT_TRUE(settle({4, 4}, first, second));

  TaskSet all = first.active();
  all.insert(second.active().begin(), second.active().end());
  EXPECT_EQ(all.size(), 8U);
  EXPECT_TRUE(first.membership().leave(call_timeout).ok());
  EXPECT_TRUE(settle({8}, second));
  EXPECT_TRUE(second.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, AKilledMemberThatComesBackUnderItsIdGetsItsTasksAtOnce) {
  create_topic(topic_, 4);
  Member other = join("other");
  TaskSet had;
  {
    Member killed = join("killed");  // dropped without leaving, as a crash would do
    ASSERT_TRUE(settle({4, 4}, other, killed));
    had = killed.active();
  }

  const auto start = system_clock().steady();
  Member restarted = join("killed");
  ASSERT_TRUE(settle({4, 4}, other, restarted));

  EXPECT_EQ(restarted.active(), had);
  EXPECT_LT(system_clock().steady() - start, 10s) << "a session lasts 45 s";
  EXPECT_TRUE(restarted.membership().leave(call_timeout).ok());
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, CommitsOfAMemberAreAcceptedAndThoseOfAStrangerRefused) {
  create_topic(topic_, 1);
  Member alone = join("a");
  ASSERT_TRUE(settle({2}, alone));
  const kafka::MemberSnapshot as = alone.membership().snapshot();
  std::vector<kafka::CommittedOffset> offsets(1);
  offsets.front().partition = {topic_, PartitionId{0}};
  offsets.front().next = Offset{7};
  const auto commit = [&](const kafka::MemberSnapshot& who) {
    Status status;
    EXPECT_TRUE(eventually(patience, [&] {
      status = alone.membership().commit(offsets, who, call_timeout);
      return !status.retriable();
    }));
    return status;
  };

  EXPECT_TRUE(commit(as).ok());

  kafka::MemberSnapshot stranger = as;
  stranger.member_id = "stranger";
  const Status refused = commit(stranger);
  EXPECT_EQ(refused.code(), ErrorCode::stale_member);
  EXPECT_TRUE(refused.fenced());
  // An epoch that does not hold is replaced by the one that does, for tasks that are owned only.
  kafka::MemberSnapshot other = as;
  other.epoch = as.epoch + 5;
  EXPECT_TRUE(commit(other).ok());
  other.owned.active.insert({SubtopologyId{0}, PartitionId{9}});
  const Status stale = commit(other);
  EXPECT_EQ(stale.code(), ErrorCode::stale_member);
  EXPECT_TRUE(stale.fenced()) << stale.message();
  EXPECT_TRUE(alone.membership().leave(call_timeout).ok());
  EXPECT_TRUE(commit(as).fenced());
}

TEST_F(MembershipOnABroker, AMissingSourceTopicIsNamedAndHealsOnceItExists) {
  Member waiting = join("a");
  ASSERT_TRUE(eventually(patience, [&] {
    waiting.look();
    return waiting.event(MembershipEvent::Kind::missing_topics) != nullptr;
  }));
  EXPECT_THAT(waiting.event(MembershipEvent::Kind::missing_topics)->detail, HasSubstr(topic_));

  create_topic(topic_, 2);

  EXPECT_TRUE(settle({4}, waiting));
  EXPECT_TRUE(waiting.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, LeavingForAMemberThatIsGoneFreesItsTasks) {
  create_topic(topic_, 2);
  {
    Member gone = join("gone");
    ASSERT_TRUE(settle({4}, gone));
  }
  const std::vector<std::string> ids{"gone", "never-there"};

  const Status left = memberships_->leave_for(group_, ids, call_timeout);
  ASSERT_TRUE(left.ok()) << left.message();

  Member other = join("other");
  EXPECT_TRUE(settle({4}, other));
  EXPECT_TRUE(other.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, AnotherTopologyIsRefusedUntilTheOldOneIsForgottenAndOffsetsStay) {
  create_topic(topic_, 2);
  {
    Member first = join("a");
    ASSERT_TRUE(settle({4}, first));
    EXPECT_EQ(memberships_->forget_topology(group_, call_timeout).code(), ErrorCode::invalid_state);
    ASSERT_TRUE(
        first.membership()
            .commit(
                std::vector<kafka::CommittedOffset>{
                    {.partition = {topic_, PartitionId{0}}, .next = Offset{7}, .metadata = "kept"}},
                first.membership().snapshot(), call_timeout)
            .ok());
    ASSERT_TRUE(first.membership().leave(call_timeout).ok());
  }
  kafka::Subscription changed = counts_words(topic_, group_);
  changed.subtopologies[1].changelog_topics[0].config = {{"cleanup.policy", "delete"}};
  {
    Member refused = member("b");
    ASSERT_TRUE(refused.membership().join(changed).ok());
    ASSERT_TRUE(eventually(patience, [&] {
      refused.look();
      return refused.event(MembershipEvent::Kind::fatal) != nullptr;
    }));
  }

  const Status forgotten = memberships_->forget_topology(group_, call_timeout);

  ASSERT_TRUE(forgotten.ok()) << forgotten.message();
  EXPECT_TRUE(memberships_->forget_topology(group_, call_timeout).ok()) << "twice is fine";
  Member second = member("c");
  ASSERT_TRUE(second.membership().join(changed).ok());
  EXPECT_TRUE(settle({4}, second));
  EXPECT_EQ(committed(topic_, 0), 7);
  EXPECT_TRUE(second.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, AGroupThatNeverWasHasNoTopologyToForget) {
  EXPECT_TRUE(memberships_->forget_topology(group_, call_timeout).ok());
}

// The assignments that the answers carried are lost with the connection: one that takes tasks away
// and one that gives them.
TEST_F(MembershipOnABroker, AnAssignmentThatIsCutOffOnItsWayIsAskedFor) {
  create_topic(topic_, 4);
  const auto servers = kafka::wire::parse_bootstrap_servers(address_);
  CuttingProxy proxy{servers->front().host, servers->front().port};
  Member cut = join_through(proxy, "cut");
  ASSERT_TRUE(settle({8}, cut));

  proxy.cut_next_answer_with_tasks();
  Member second = join("second");
  ASSERT_TRUE(settle({4, 4}, cut, second));
  EXPECT_EQ(proxy.cuts(), 1);

  proxy.cut_next_answer_with_tasks();
  EXPECT_TRUE(second.membership().leave(call_timeout).ok());
  ASSERT_TRUE(settle({8}, cut));
  EXPECT_EQ(proxy.cuts(), 2);
  EXPECT_EQ(cut.event(MembershipEvent::Kind::lost), nullptr);
  EXPECT_TRUE(cut.membership().leave(call_timeout).ok());
}

TEST_F(MembershipOnABroker, TheMembershipOutlivesItsConnection) {
  create_topic(topic_, 2);
  const auto servers = kafka::wire::parse_bootstrap_servers(address_);
  CuttingProxy proxy{servers->front().host, servers->front().port};
  Member cut = join_through(proxy, "cut");
  ASSERT_TRUE(settle({4}, cut));
  const int before = proxy.connections();

  proxy.cut_all();

  EXPECT_TRUE(eventually(patience, [&] {
    cut.look();
    return proxy.connections() > before;
  }));
  EXPECT_TRUE(cut.membership().leave(call_timeout).ok());
  EXPECT_EQ(cut.event(MembershipEvent::Kind::lost), nullptr);
}

// A broker of its own, whose cluster has the feature switched off.
class BrokerWithoutStreamsGroups {
 public:
  BrokerWithoutStreamsGroups() {
    char folder[] = "/tmp/moldau-membership.XXXXXX";
    if (::mkdtemp(folder) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = folder;
    run("MOLDAU_BROKER_FEATURES=streams.version=0 " + script_ + " start " + folder_ +
        "/broker >/dev/null");
    std::ifstream file{folder_ + "/broker/bootstrap"};
    std::getline(file, address);
  }
  ~BrokerWithoutStreamsGroups() {
    static_cast<void>(std::system((script_ + " stop " + folder_ + "/broker").c_str()));
    std::filesystem::remove_all(folder_);
  }
  BrokerWithoutStreamsGroups(const BrokerWithoutStreamsGroups&) = delete;
  BrokerWithoutStreamsGroups& operator=(const BrokerWithoutStreamsGroups&) = delete;

  std::string address;

 private:
  static void run(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }
  const std::string script_ = MOLDAU_BROKER_SCRIPT;
  std::string folder_;
};

TEST_F(MembershipOnABroker, ABrokerWithoutTheFeatureSaysWhatIsNeeded) {
  const BrokerWithoutStreamsGroups broker;
  kafka::MembershipOptions member = options("a");
  member.settings = {{"bootstrap.servers", broker.address}};
  auto made = memberships_->make_member(member);
  ASSERT_TRUE(made.ok());
  Member refused{*std::move(made)};
  ASSERT_TRUE(refused.membership().join(counts_words(topic_, group_)).ok());

  ASSERT_TRUE(eventually(patience, [&] {
    refused.look();
    return refused.event(MembershipEvent::Kind::fatal) != nullptr;
  }));

  const Status why = refused.event(MembershipEvent::Kind::fatal)->status;
  EXPECT_EQ(why.code(), ErrorCode::unsupported);
  EXPECT_THAT(std::string{why.message()}, HasSubstr("streams.version=1"));
  EXPECT_TRUE(refused.membership().leave(call_timeout).ok());
}

}  // namespace
}  // namespace moldau
