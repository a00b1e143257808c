// What an operator does to a running application: threads come and go, processing is paused, errors
// are survived or not, the local state is deleted.

#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

constexpr int partitions = 6;
constexpr const char* poison = "poison";

// Totals per key; a value `poison` throws as often as `poisons` says.
class Lifecycle : public EmbeddedApplication {
 protected:
  Lifecycle() {
    broker_.create_topic("in", partitions);
    broker_.create_topic("out", partitions);
    broker_.create_topic("copy", partitions);
  }

  [[nodiscard]] Topology counting() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in")
        .peek([this](const std::string&, const std::string& value) { look_at(value); })
        .group_by_key()
        .count({.name = "counts"})
        .to_stream()
        .to("out");
    return builder.build();
  }
  [[nodiscard]] static Topology copying() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").to("copy");
    return builder.build();
  }

  void write(int records) {
    for (int i = 0; i < records; ++i) {
      const std::string key = "k" + std::to_string(i % 13);
      broker_.produce<std::string, std::string>("in", key, std::to_string(i));
      ++expected_[key];
    }
  }
  void write_poison() {
    broker_.produce<std::string, std::string>("in", "p", poison);
    ++expected_["p"];
  }
  [[nodiscard]] bool counted() const {
    return eventually(patience, [&] { return latest<std::int64_t>("out") == expected_; });
  }
  // The threads that have seen a record since this was last asked.
  [[nodiscard]] std::size_t take_workers() {
    const std::lock_guard lock{mutex_};
    return std::exchange(workers_, {}).size();
  }
  // Writes until as many threads as `count` have work.
  [[nodiscard]] bool share_the_work(std::size_t count) {
    return eventually(patience, [&] {
      static_cast<void>(take_workers());
      write(26);
      return counted() && take_workers() == count;
    });
  }

  std::atomic<int> poisons_{1};

 private:
  void look_at(const std::string& value) {
    {
      const std::lock_guard lock{mutex_};
      workers_.insert(std::this_thread::get_id());
    }
    if (value == poison && poisons_.fetch_sub(1) > 0) throw std::runtime_error("bad value");
  }

  std::map<std::string, std::int64_t> expected_;
  std::mutex mutex_;  // guards workers_
  std::set<std::thread::id> workers_;
};

TEST_P(Lifecycle, AnAddedThreadTakesItsShareOfTheTasks) {
  const auto streams = start(counting());
  ASSERT_TRUE(reaches(*streams, StreamsState::running));

  EXPECT_THAT(streams->add_stream_thread(), Optional(EndsWith("-StreamThread-2")));

  EXPECT_TRUE(share_the_work(2));
}

TEST_P(Lifecycle, ARemovedThreadLeavesItsTasksToTheOthers) {
  Config config = this->config();
  config.num_stream_threads = 3;
  const auto streams = start(counting(), config);
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  write(100);
  ASSERT_TRUE(counted());

  EXPECT_THAT(streams->remove_stream_thread(patience), Optional(EndsWith("-StreamThread-3")));
  EXPECT_THAT(streams->remove_stream_thread(patience), Optional(EndsWith("-StreamThread-2")));

  EXPECT_TRUE(share_the_work(1));
  EXPECT_TRUE(reaches(*streams, StreamsState::running));
}

TEST_P(Lifecycle, AThreadGetsTheNameThatIsFree) {
  Config config = this->config();
  config.num_stream_threads = 2;
  const auto streams = start(counting(), config);
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  ASSERT_TRUE(streams->remove_stream_thread(patience));

  EXPECT_THAT(streams->add_stream_thread(), Optional(EndsWith("-StreamThread-2")));
  EXPECT_THAT(streams->add_stream_thread(), Optional(EndsWith("-StreamThread-3")));

  EXPECT_TRUE(share_the_work(3));
}

TEST_P(Lifecycle, AnApplicationWithoutThreadsTakesUpWorkWhenItGetsOne) {
  const auto streams = start(counting());
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  ASSERT_TRUE(streams->remove_stream_thread(patience));
  EXPECT_EQ(streams->remove_stream_thread(patience), std::nullopt);
  write(20);

  ASSERT_TRUE(streams->add_stream_thread());

  EXPECT_TRUE(counted());
}

TEST_P(Lifecycle, PausedNothingIsProcessed) {
  const auto streams = start(counting());
  write(10);
  ASSERT_TRUE(counted());
  streams->pause();
  EXPECT_TRUE(streams->paused());
  const std::size_t before = broker_.read("out").size();
  write(50);

  // Another application shows that there was something to process, and time to do it.
  Config other = config();
  other.application_id = "other";
  const auto copier = start(copying(), other);
  ASSERT_TRUE(eventually(patience, [&] { return broker_.read("copy").size() == 60; }));
  EXPECT_EQ(broker_.read("out").size(), before);
  streams->resume();

  EXPECT_FALSE(streams->paused());
  EXPECT_TRUE(counted());
}

TEST_P(Lifecycle, AnApplicationCanBeStartedPaused) {
  const auto streams = make(counting(), config());
  streams->pause();
  streams->start();
  write(10);
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  EXPECT_EQ(broker_.read("out").size(), 0U);

  streams->resume();

  EXPECT_TRUE(counted());
}

TEST_P(Lifecycle, APausedApplicationCloses) {
  const auto streams = start(counting());
  write(10);
  ASSERT_TRUE(counted());
  streams->pause();
  write(10);

  EXPECT_TRUE(streams->close(patience));

  EXPECT_EQ(streams->state(), StreamsState::not_running);
}

TEST_P(Lifecycle, AReplacedThreadGoesOnFromTheLastCommit) {
  const auto streams = make(counting(), config());
  std::string told;
  streams->set_uncaught_exception_handler([&](std::exception_ptr error) {
    told = describe(error);
    return UncaughtExceptionResponse::replace_thread;
  });
  streams->start();
  write(40);
  write_poison();
  write(40);

  // At least once, what was not committed is counted again.
  const bool exact = guarantee() == ProcessingGuarantee::exactly_once_v2;
  EXPECT_TRUE(exact ? counted() : eventually(patience, [&] {
    return latest<std::int64_t>("out").contains("p");
  }));
  EXPECT_TRUE(reaches(*streams, StreamsState::running));
  EXPECT_THAT(told, HasSubstr("bad value"));
  EXPECT_EQ(streams->error(), "");
  EXPECT_THAT(logger_->text(), HasSubstr("another one takes its place"));
}

TEST_P(Lifecycle, ThreadsAreReplacedAsOftenAsTheyFail) {
  poisons_ = 5;
  const auto streams = make(counting(), config());
  std::atomic<int> failures{0};
  streams->set_uncaught_exception_handler([&](std::exception_ptr) {
    ++failures;
    return UncaughtExceptionResponse::replace_thread;
  });
  write_poison();
  streams->start();

  EXPECT_TRUE(counted());

  EXPECT_EQ(failures, 5);
  // The names of threads that have gone are free again.
  EXPECT_THAT(streams->add_stream_thread(), Optional(HasSubstr("-StreamThread-")));
}

// Workers on threads of their own, and how many handles of them are held.
class CountedWorkers final : public Workers {
 public:
  std::unique_ptr<WorkerHandle> start(Worker& worker, std::string name) override {
    return std::make_unique<Handle>(thread_workers().start(worker, std::move(name)), held_);
  }
  [[nodiscard]] int held() const noexcept { return held_.load(); }

 private:
  class Handle final : public WorkerHandle {
   public:
    Handle(std::unique_ptr<WorkerHandle> below, std::atomic<int>& held)
        : below_(std::move(below)), held_(held) {
      ++held_;
    }
    ~Handle() override { --held_; }
    void wake() override { below_->wake(); }
    bool finished() const override { return below_->finished(); }
    bool join(std::chrono::milliseconds timeout) override { return below_->join(timeout); }

   private:
    const std::unique_ptr<WorkerHandle> below_;
    std::atomic<int>& held_;
  };

  std::atomic<int> held_{0};
};

TEST_P(Lifecycle, ReplacedThreadsAreLetGo) {
  poisons_ = 12;
  CountedWorkers workers;
  const Environment base = broker_.environment();
  const Environment environment{base.clients, base.memberships, base.clock,  base.random,
                                base.files,   workers,          base.storage};
  Streams streams{counting(), config(), environment};
  std::atomic<int> failures{0};
  streams.set_uncaught_exception_handler([&](std::exception_ptr) {
    ++failures;
    return UncaughtExceptionResponse::replace_thread;
  });
  write_poison();
  streams.start();
  const int at_first = workers.held();

  ASSERT_TRUE(counted());

  EXPECT_EQ(failures, 12);
  // One that fails is still leaving while its successor's successor may be starting.
  EXPECT_LE(workers.held(), at_first + 3);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, Lifecycle, both_guarantees(), name_of_guarantee);

class LifecycleOnce : public Lifecycle {};

TEST_F(LifecycleOnce, ThreadsComeAndGoOnlyWhileItRuns) {
  const auto streams = make(counting(), config());

  EXPECT_EQ(streams->add_stream_thread(), std::nullopt);
  EXPECT_EQ(streams->remove_stream_thread(), std::nullopt);
  streams->start();
  ASSERT_TRUE(streams->close(patience));
  EXPECT_EQ(streams->add_stream_thread(), std::nullopt);
  EXPECT_EQ(streams->remove_stream_thread(), std::nullopt);
}

TEST_F(LifecycleOnce, WithoutAHandlerAnErrorStopsThisInstance) {
  write_poison();
  const auto streams = start(counting());

  EXPECT_THAT(failure_of(*streams), HasSubstr("bad value"));
}

TEST_F(LifecycleOnce, AHandlerThatThrowsStopsThisInstance) {
  write_poison();
  const auto streams = make(counting(), config());
  streams->set_uncaught_exception_handler(
      [](std::exception_ptr) -> UncaughtExceptionResponse { throw std::runtime_error("worse"); });
  streams->start();

  EXPECT_THAT(failure_of(*streams), HasSubstr("bad value"));
  EXPECT_THAT(logger_->text(), HasSubstr("the uncaught exception handler threw: worse"));
}

TEST_F(LifecycleOnce, ShutdownOfTheApplicationStopsEveryInstance) {
  Config elsewhere = config();
  elsewhere.state_dir = folder_.path() / "second";
  const auto first = make(counting(), config());
  const auto second = make(counting(), elsewhere);
  for (Streams* streams : {first.get(), second.get()}) {
    streams->set_uncaught_exception_handler(
        [](std::exception_ptr) { return UncaughtExceptionResponse::shutdown_application; });
    streams->start();
  }
  ASSERT_TRUE(reaches(*first, StreamsState::running));
  ASSERT_TRUE(reaches(*second, StreamsState::running));

  write_poison();

  // Either of them may meet it: the other one is told.
  EXPECT_THAT(
      (std::vector<std::string>{failure_of(*first), failure_of(*second)}),
      UnorderedElementsAre(HasSubstr("bad value"),
                           HasSubstr("a member of the group asked every instance to stop")));
}

TEST_F(LifecycleOnce, CleaningUpDeletesTheStores) {
  write(30);
  const auto streams = start(counting());
  ASSERT_TRUE(counted());
  const auto stores = [&] {
    std::size_t folders = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_.path() / "state" / "app" / "moldau")) {
      if (entry.is_directory()) ++folders;
    }
    return folders;
  };
  EXPECT_THROW(streams->clean_up(), StreamsError);
  ASSERT_TRUE(streams->close(patience));
  EXPECT_EQ(stores(), static_cast<std::size_t>(partitions));

  streams->clean_up();

  EXPECT_EQ(stores(), 0U);
  write(30);
  const auto again = start(counting());
  EXPECT_TRUE(counted());
}

TEST_F(LifecycleOnce, CleaningUpWhatNeverRanIsFine) {
  const auto streams = make(counting(), config());

  EXPECT_NO_THROW(streams->clean_up());

  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "state"));
}

TEST_F(LifecycleOnce, AChangedTopologyRunsOnceTheGroupHasForgottenTheFirst) {
  write(30);
  auto streams = start(counting());
  ASSERT_TRUE(counted());
  EXPECT_THROW(streams->reset_topology(), StreamsError) << "it runs";
  ASSERT_TRUE(streams->close(patience));
  streams = start(copying());
  EXPECT_THAT(failure_of(*streams), HasSubstr("another topology"));
  ASSERT_TRUE(streams->close(patience));

  streams->reset_topology();

  streams = start(copying());
  write(30);
  EXPECT_TRUE(eventually(patience, [&] { return values<std::string>("copy").size() == 30; }))
      << "from the offsets of before: " << values<std::string>("copy").size();
}

TEST_F(LifecycleOnce, TheTopologyOfAGroupThatRunsIsNotReset) {
  const auto running = start(counting());
  ASSERT_TRUE(eventually(patience, [&] { return running->state() == StreamsState::running; }));
  const auto other = make(copying(), config());

  EXPECT_THROW(other->reset_topology(), StreamsError);
}

TEST_F(LifecycleOnce, TheStateOfAnotherInstanceIsNotCleanedUp) {
  const auto running = start(counting());
  const auto other = make(counting(), config());

  EXPECT_THROW(other->clean_up(), StateStoreError);
}

}  // namespace
}  // namespace moldau
