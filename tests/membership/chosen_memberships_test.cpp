#include "membership/chosen_memberships.h"

#include "whole_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::membership {

namespace {

using namespace std::chrono_literals;
using kafka::MembershipEvent;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Memberships of one kind, whose members hear what the test has written down.
class WrittenMemberships final : public kafka::Memberships {
 public:
  std::vector<MembershipEvent> events;  // told to every member, at its first look
  Status leave_answer;
  int made = 0;
  int joins = 0;
  std::vector<std::string> left;
  std::vector<std::string> forgotten;

  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& /*options*/) override {
    ++made;
    return std::unique_ptr<kafka::GroupMembership>{std::make_unique<Written>(*this)};
  }
  Status leave_for(const std::string& group_id, std::span<const std::string> /*member_ids*/,
                   std::chrono::milliseconds /*timeout*/) override {
    left.push_back(group_id);
    return leave_answer;
  }
  Status forget_topology(const std::string& group_id,
                         std::chrono::milliseconds /*timeout*/) override {
    forgotten.push_back(group_id);
    return leave_answer;
  }

 private:
  class Written final : public kafka::GroupMembership {
   public:
    explicit Written(WrittenMemberships& kind) : kind_(kind) {}
    Status join(const kafka::Subscription& /*subscription*/) override {
      ++kind_.joins;
      return {};
    }
    std::vector<MembershipEvent> poll() override {
      return std::exchange(told_, true) ? std::vector<MembershipEvent>{} : kind_.events;
    }
    void acknowledge(const kafka::OwnedTasks& /*owned*/) override {}
    [[nodiscard]] kafka::MemberSnapshot snapshot() const override { return {}; }
    Status commit(std::span<const kafka::CommittedOffset> /*offsets*/,
                  const kafka::MemberSnapshot& /*as*/,
                  std::chrono::milliseconds /*timeout*/) override {
      return {};
    }
    void ask_for_shutdown() override {}
    Status leave(std::chrono::milliseconds /*timeout*/) override { return {}; }

   private:
    WrittenMemberships& kind_;
    bool told_ = false;
  };
};

MembershipEvent event(MembershipEvent::Kind kind, Status status = {}) {
  MembershipEvent made;
  made.kind = kind;
  made.status = std::move(status);
  return made;
}

MembershipEvent refusal(ErrorCode code) {
  return event(MembershipEvent::Kind::fatal,
               Status{code, "because of the brokers", Status::Kind{.fatal = true}});
}

class ChoosingAProtocol : public ::testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<kafka::GroupMembership> join() {
    kafka::MembershipOptions options;
    options.group_id = "app";
    auto member = *memberships_->make_member(options);
    EXPECT_TRUE(member->join({}).ok());
    return member;
  }

  std::shared_ptr<WholeLog> log_ = std::make_shared<WholeLog>();
  WrittenMemberships* streams_ = new WrittenMemberships;  // owned by memberships_
  WrittenMemberships* classic_ = new WrittenMemberships;  // owned by memberships_
  std::unique_ptr<kafka::Memberships> memberships_ =
      make_chosen_memberships(std::unique_ptr<kafka::Memberships>{streams_},
                              std::unique_ptr<kafka::Memberships>{classic_}, log_);
};

TEST_F(ChoosingAProtocol, StreamsGroupsAreTakenWhereThereAreAny) {
  streams_->events = {event(MembershipEvent::Kind::assigned)};

  EXPECT_THAT(join()->poll(), SizeIs(1));

  EXPECT_EQ(classic_->made, 0);
  EXPECT_THAT(log_->text(), HasSubstr("group app: the streams group protocol is used"));
}

TEST_F(ChoosingAProtocol, WithoutThemTheMemberJoinsAClassicGroupAndTheReasonIsLogged) {
  streams_->events = {refusal(ErrorCode::unsupported)};
  classic_->events = {event(MembershipEvent::Kind::assigned)};

  const auto member = join();

  EXPECT_THAT(member->poll(), SizeIs(0)) << "the thread hears nothing of it";
  EXPECT_EQ(classic_->joins, 1);
  EXPECT_THAT(member->poll(), SizeIs(1));
  EXPECT_THAT(log_->text(), HasSubstr("the classic group protocol is used (group.protocol=auto): "
                                      "because of the brokers"));
}

TEST_F(ChoosingAProtocol, AGroupThatIsClassicIsJoinedAsOne) {
  streams_->events = {refusal(ErrorCode::stale_member)};

  static_cast<void>(join()->poll());

  EXPECT_EQ(classic_->joins, 1);
}

TEST_F(ChoosingAProtocol, LaterMembersOfTheProcessDoNotAskAgain) {
  streams_->events = {refusal(ErrorCode::unsupported)};
  static_cast<void>(join()->poll());

  const auto second = join();

  EXPECT_EQ(streams_->made, 1);
  EXPECT_EQ(classic_->made, 2);
}

TEST_F(ChoosingAProtocol, OtherRefusalsAreTheThreads) {
  streams_->events = {refusal(ErrorCode::authorization_failed)};

  EXPECT_THAT(join()->poll(), SizeIs(1));
  EXPECT_EQ(classic_->made, 0);
}

TEST_F(ChoosingAProtocol, WhoHasHadAnAnswerStaysWhatItIs) {
  streams_->events = {event(MembershipEvent::Kind::assigned), refusal(ErrorCode::unsupported)};

  EXPECT_THAT(join()->poll(), SizeIs(2));
  EXPECT_EQ(classic_->made, 0);
}

TEST_F(ChoosingAProtocol, BrokersWithoutStreamsGroupsHaveNoTopologyToForget) {
  EXPECT_TRUE(memberships_->forget_topology("app", 1s).ok());
  streams_->leave_answer = Status::permanent(ErrorCode::unsupported, "none");
  EXPECT_TRUE(memberships_->forget_topology("app", 1s).ok());
  streams_->leave_answer = Status::permanent(ErrorCode::invalid_state, "members");
  EXPECT_FALSE(memberships_->forget_topology("app", 1s).ok());
  EXPECT_THAT(streams_->forgotten, SizeIs(3));
}

TEST_F(ChoosingAProtocol, MembersThatAreGoneLeaveTheGroupTheyWereIn) {
  const std::vector<std::string> ids{"process-2"};
  EXPECT_TRUE(memberships_->leave_for("app", ids, 1s).ok());
  EXPECT_THAT(classic_->left, SizeIs(0));

  streams_->leave_answer = Status::permanent(ErrorCode::unsupported, "none");
  EXPECT_TRUE(memberships_->leave_for("app", ids, 1s).ok());
  EXPECT_THAT(classic_->left, SizeIs(1));
}

}  // namespace

}  // namespace moldau::inline v0::membership
