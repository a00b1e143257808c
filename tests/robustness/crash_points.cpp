#include "robustness/crash_points.h"

#include "robustness/forwarding_producer.h"
#include "robustness/wrapped_producers.h"
#include "runtime/fault.h"

#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

namespace robustness {

namespace kafka = moldau::kafka;
namespace state = moldau::state;
using moldau::Result;

namespace {

void die() { std::raise(SIGKILL); }

class CrashingProducer final : public ForwardingProducer {
 public:
  CrashingProducer(std::unique_ptr<Producer> below, CrashCounter& counter)
      : ForwardingProducer(std::move(below)), counter_(counter) {}

  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override {
    counter_.reached("end_txn");
    return ForwardingProducer::commit_transaction(timeout);
  }

 private:
  CrashCounter& counter_;
};

class CrashingMap final : public state::StorageMap {
 public:
  CrashingMap(std::unique_ptr<StorageMap> below, CrashCounter& counter)
      : below_(std::move(below)), counter_(counter) {}

  bool get(moldau::Bytes key, moldau::ByteBuffer& value) const override {
    return below_->get(key, value);
  }
  std::unique_ptr<state::BytesIterator> range(const state::ByteRange& range,
                                              state::Direction direction) const override {
    return below_->range(range, direction);
  }
  void apply(std::span<const state::StorageWrite> writes,
             const std::optional<state::ChangelogPosition>& position) override {
    counter_.reached("batch");
    below_->apply(writes, position);
  }
  std::optional<state::ChangelogPosition> position() const override { return below_->position(); }
  std::uint64_t approximate_entries() const override { return below_->approximate_entries(); }
  moldau::Bytes mark() const override { return below_->mark(); }
  void set_mark(moldau::Bytes mark) override { below_->set_mark(mark); }

 private:
  std::unique_ptr<StorageMap> below_;
  CrashCounter& counter_;
};

class CrashingStorage final : public state::Storage {
 public:
  CrashingStorage(std::shared_ptr<Storage> below, CrashCounter& counter)
      : below_(std::move(below)), counter_(counter) {}

  std::unique_ptr<state::StorageMap> open(const std::filesystem::path& path) override {
    return std::make_unique<CrashingMap>(below_->open(path), counter_);
  }
  void destroy(const std::filesystem::path& path) override { below_->destroy(path); }

 private:
  std::shared_ptr<Storage> below_;  // shared with the environment below
  CrashCounter& counter_;
};

}  // namespace

CrashPoint CrashPoint::parse(const std::string& text) {
  const std::size_t first = text.find(':');
  if (first == std::string::npos || first == 0) {
    throw std::invalid_argument("a crash point is NAME:HIT[:MICROSECONDS], not " + text);
  }
  CrashPoint point{.name = text.substr(0, first)};
  const std::size_t second = text.find(':', first + 1);
  point.hit = std::stoll(text.substr(first + 1, second - first - 1));
  if (second != std::string::npos) {
    point.delay = std::chrono::microseconds{std::stoll(text.substr(second + 1))};
  }
  return point;
}

void CrashCounter::reached(std::string_view name) {
  if (name != point_.name || hits_.fetch_add(1) + 1 != point_.hit) return;
  if (point_.delay.count() == 0) die();
  // This thread goes on into what it was about to do, and dies somewhere in there.
  std::thread{[delay = point_.delay] {
    std::this_thread::sleep_for(delay);
    die();
  }}.detach();
}

CrashingEnvironment::CrashingEnvironment(const moldau::Environment& below, CrashCounter& counter)
    : below_(below),
      clients_(std::make_unique<WrappedProducers>(below.clients,
                                                  [&counter](auto made) {
                                                    return std::make_unique<CrashingProducer>(
                                                        std::move(made), counter);
                                                  })),
      storage_(std::make_shared<CrashingStorage>(below.storage, counter)) {
  moldau::runtime::fault_hook() = [&counter](std::string_view point) { counter.reached(point); };
}

CrashingEnvironment::~CrashingEnvironment() { moldau::runtime::fault_hook() = nullptr; }

moldau::Environment CrashingEnvironment::environment() {
  moldau::Environment environment = with_clients(below_, *clients_);
  environment.storage = storage_;
  return environment;
}

}  // namespace robustness
