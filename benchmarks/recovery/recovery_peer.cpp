// An instance that counts per key and tells what happens to it, a line each that begins with the
// time in microseconds of the epoch:
//
//   peer IN OUT RECORDS APPLICATION_ID STATE_DIR [KEY=VALUE...]
//
//   running               the state became `running`
//   first                 the first record was processed
//   reached               the RECORDS-th record was processed
//   restored N S          N records in S seconds: all stores that had something to restore
//   stopped N             closed, after SIGTERM; N stores were wiped
//
// Keys are those of docs/configuration.md. Brokers come from BROKERS.

#include <moldau/moldau.h>
#include <moldau/serde/raw_bytes.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace {

using moldau::ByteBuffer;

void tell(const std::string& event) {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  std::printf("%lld %s\n", static_cast<long long>(now.count()), event.c_str());
  std::fflush(stdout);
}

// Speaks when as many stores have been restored as were begun.
class Restoration final : public moldau::StateRestoreListener {
 public:
  void on_restore_start(const moldau::TopicPartition&, std::string_view, moldau::Offset,
                        moldau::Offset) override {
    const std::lock_guard lock{mutex_};
    if (open_++ == 0) start_ = std::chrono::steady_clock::now();
  }
  void on_batch_restored(const moldau::TopicPartition&, std::string_view, moldau::Offset,
                         std::uint64_t) override {}
  void on_restore_end(const moldau::TopicPartition&, std::string_view,
                      std::uint64_t records) override {
    end(records);
  }
  void on_restore_suspended(const moldau::TopicPartition&, std::string_view,
                            std::uint64_t records) override {
    end(records);
  }

 private:
  void end(std::uint64_t records) {
    const std::lock_guard lock{mutex_};
    records_ += records;
    if (--open_ > 0) return;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
    tell("restored " + std::to_string(records_) + " " + std::to_string(taken.count()));
  }

  std::mutex mutex_;
  int open_ = 0;
  std::uint64_t records_ = 0;
  std::chrono::steady_clock::time_point start_;
};

moldau::Config config_of(const std::vector<std::string>& arguments) {
  const char* brokers = std::getenv("BROKERS");
  if (brokers == nullptr) throw moldau::ConfigError("set BROKERS=host:port");
  moldau::Config config{.application_id = arguments[3], .bootstrap_servers = brokers};
  config.state_dir = arguments[4];
  config.statestore_cache_max_bytes = 0;
  for (std::size_t i = 5; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    if (equals == std::string::npos) {
      throw moldau::ConfigError("expected KEY=VALUE, found " + arguments[i]);
    }
    config.set(arguments[i].substr(0, equals), arguments[i].substr(equals + 1));
  }
  return config;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 5) {
    throw moldau::ConfigError("usage: peer IN OUT RECORDS APPLICATION_ID STATE_DIR [KEY=VALUE...]");
  }
  const std::int64_t expected = std::stoll(arguments[2]);
  std::atomic<std::int64_t> seen{0};
  moldau::StreamsBuilder builder;
  builder.stream<std::int64_t, ByteBuffer>(arguments[0])
      .peek([&](const ByteBuffer&) {
        const std::int64_t count = seen.fetch_add(1, std::memory_order_relaxed) + 1;
        if (count == 1) tell("first");
        if (count == expected) tell("reached");
      })
      .group_by_key()
      .count({.name = "store"})
      .to_stream()
      .to(arguments[1]);
  Restoration restoration;
  moldau::Streams streams{builder.build(), config_of(arguments)};
  streams.set_restore_listener(&restoration);
  streams.set_state_listener([](moldau::StreamsState now, moldau::StreamsState) {
    if (now == moldau::StreamsState::running) tell("running");
  });
  const int status = streams.run_until_signal();
  if (status != 0) std::fprintf(stderr, "peer: %s\n", streams.error().c_str());
  const auto wipes = static_cast<long>(streams.metrics().sum("store-wipes-total"));
  tell("stopped " + std::to_string(wipes));
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "peer: %s\n", error.what());
    return 2;
  }
}
