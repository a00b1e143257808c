// A member that has been expelled from its group, and has not heard of it: as after a process that
// stood still, whose threads go on before the next heartbeat is answered. Others have its tasks, so
// nothing that it does may count.

#include "robustness/forwarding_membership.h"
#include "streams/embedded_application.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using robustness::ForwardingMembership;
using robustness::ForwardingMemberships;

// The clock of the process, put forward.
class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(Clock& below) : below_(below) {}
  [[nodiscard]] Timestamp wall() const override { return below_.wall() + ahead_.load(); }
  [[nodiscard]] Steady steady() const override { return below_.steady() + ahead_.load(); }
  [[nodiscard]] std::chrono::milliseconds ahead() const { return ahead_.load(); }
  void advance(std::chrono::milliseconds time) { ahead_.store(ahead_.load() + time); }

 private:
  Clock& below_;
  std::atomic<std::chrono::milliseconds> ahead_{0ms};
};

// Workers whose times are those of a shifted clock.
class ShiftedWorkers final : public Workers {
 public:
  ShiftedWorkers(Workers& below, const ShiftedClock& clock) : below_(below), clock_(clock) {}
  std::unique_ptr<WorkerHandle> start(Worker& worker, std::string name) override {
    return std::make_unique<Handle>(below_, worker, clock_, std::move(name));
  }

 private:
  class Handle final : public WorkerHandle, private Worker {
   public:
    Handle(Workers& below, Worker& worker, const ShiftedClock& clock, std::string name)
        : worker_(worker), clock_(clock), below_(below.start(*this, std::move(name))) {}
    void wake() override { below_->wake(); }
    [[nodiscard]] bool finished() const override { return below_->finished(); }
    bool join(std::chrono::milliseconds timeout) override { return below_->join(timeout); }

   private:
    std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override {
      const auto next = worker_.step(may_block);
      return next && *next != Clock::Steady::max() ? *next - clock_.ahead() : next;
    }

    Worker& worker_;
    const ShiftedClock& clock_;
    std::unique_ptr<WorkerHandle> below_;
  };

  Workers& below_;
  const ShiftedClock& clock_;
};

// Hears nothing while it is deaf. What it commits is passed on, and refusals are counted.
class DeafMembership final : public ForwardingMembership {
 public:
  struct Ears {
    std::atomic<bool> deaf{false};
    std::atomic<int> refused{0};
  };

  DeafMembership(std::unique_ptr<GroupMembership> below, Ears& ears)
      : ForwardingMembership(std::move(below)), ears_(ears) {}
  std::vector<kafka::MembershipEvent> poll() override {
    return ears_.deaf.load() ? std::vector<kafka::MembershipEvent>{} : ForwardingMembership::poll();
  }
  Status commit(std::span<const kafka::CommittedOffset> offsets, const kafka::MemberSnapshot& as,
                std::chrono::milliseconds timeout) override {
    Status status = ForwardingMembership::commit(offsets, as, timeout);
    if (!status) ++ears_.refused;
    return status;
  }

 private:
  Ears& ears_;
};

// Forwards something ten times a second, whether or not there is input.
class Ticker : public Processor<std::string, std::string, std::string, std::string> {
 public:
  void init(Context& context) override {
    context.schedule(100ms, PunctuationType::wall_clock_time, [&context](Timestamp now) {
      context.forward(std::string{"tick"}, std::to_string(now.milliseconds()), now);
    });
  }
  void process(const Record<std::string, std::string>& /*record*/) override {}
};

class UnheardExpulsion : public EmbeddedApplication {
 protected:
  UnheardExpulsion() {
    for (const char* topic : {"lines", "word-counts", "ticks"}) broker_.create_topic(topic, 1);
  }

  [[nodiscard]] std::unique_ptr<Streams> start_member(Topology topology) {
    const Environment plain = broker_.environment();
    auto streams = std::make_unique<Streams>(std::move(topology), config(),
                                             Environment{.clients = plain.clients,
                                                         .memberships = memberships_,
                                                         .clock = clock_,
                                                         .random = plain.random,
                                                         .files = plain.files,
                                                         .workers = workers_,
                                                         .storage = plain.storage});
    streams->start();
    return streams;
  }
  // Processes a line, so that there is an offset to commit.
  void process_a_line() {
    broker_.produce<std::string, std::string>("lines", "key", "word");
    ASSERT_TRUE(eventually(patience, [&] { return broker_.caught_up("app", "lines"); }));
  }
  void expel() {
    ears_.deaf.store(true);
    const std::vector<std::string> members{member_id_};
    ASSERT_TRUE(broker_.environment().memberships.leave_for("app", members, 1s));
  }
  [[nodiscard]] bool commits_are_refused(int times) const {
    return eventually(patience, [&] {
      const std::string text = logger_->text();
      const std::string_view refused = "back to the last commit";
      int found = 0;
      for (auto at = text.find(refused); at != text.npos; at = text.find(refused, at + 1)) ++found;
      return found >= times;
    });
  }
  // It hears of it at last, joins again and is closed.
  void hear_and_close(Streams& streams) {
    ears_.deaf.store(false);
    EXPECT_TRUE(reaches(streams, StreamsState::running));
    EXPECT_TRUE(streams.close(patience));
  }

  DeafMembership::Ears ears_;
  std::string member_id_;  // written before it joins
  ShiftedClock clock_{broker_.environment().clock};
  ShiftedWorkers workers_{broker_.environment().workers, clock_};

 private:
  ForwardingMemberships memberships_{
      broker_.environment().memberships,
      [this](ForwardingMemberships::Member below, const kafka::MembershipOptions& options) {
        member_id_ = options.member_id;
        return std::make_unique<DeafMembership>(std::move(below), ears_);
      }};
};

TEST_F(UnheardExpulsion, LetsNothingThatComesFromAPunctuatorAloneBeCommitted) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("lines").process<Ticker>().to("ticks");
  const auto streams = start_member(builder.build());
  process_a_line();
  const auto ticks = [&] { return values<std::string>("ticks").size(); };
  ASSERT_TRUE(eventually(patience, [&] { return ticks() > 2; }));

  expel();
  ASSERT_TRUE(commits_are_refused(1));  // what was on its way has arrived
  const std::size_t before = ticks();
  ASSERT_TRUE(commits_are_refused(4));

  EXPECT_EQ(ticks(), before);
  hear_and_close(*streams);
}

class UnheardExpulsionOfAnIdleMember : public UnheardExpulsion {};

// Or its stores would note that they have missed nothing, and go on some day without the deletions
// that they did miss.
TEST_P(UnheardExpulsionOfAnIdleMember, IsFoundOutBeforeItsStoresSayThatTheyAreUpToDate) {
  const auto streams = start_member(word_count());
  process_a_line();
  ASSERT_TRUE(
      eventually(patience, [&] { return broker_.caught_up("app", "app-words-repartition"); }));

  expel();
  clock_.advance(26h);

  EXPECT_TRUE(eventually(patience, [&] { return ears_.refused.load() > 0; }));
  hear_and_close(*streams);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, UnheardExpulsionOfAnIdleMember, both_guarantees(),
                         name_of_guarantee);

}  // namespace
}  // namespace moldau
