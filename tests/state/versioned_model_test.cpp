#include "moldau/state/versioned_rows.h"

#include "store_fixture.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>

namespace moldau::state {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t retention = 100;

struct Found {
  std::string value;
  std::int64_t from = 0;
  std::optional<std::int64_t> until;

  friend bool operator==(const Found&, const Found&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Found& found) {
    return out << found.value << " " << found.from << "-"
               << (found.until ? std::to_string(*found.until) : "");
  }
};

// Every version that was ever put, deletions as null.
class VersionedModel {
 public:
  using Versions = std::map<std::int64_t, std::optional<std::string>>;

  // The end of the version; nullopt inside: it is the latest; nullopt outside: refused.
  std::optional<std::optional<std::int64_t>> put(const std::string& key, std::int64_t from,
                                                 const std::optional<std::string>& value) {
    if (from < time - retention) return std::nullopt;
    time = std::max(time, from);
    Versions& versions = all[key];
    versions[from] = value;
    return until(versions, versions.find(from));
  }

  std::optional<Found> get(const std::string& key, std::int64_t at) {
    Versions& versions = all[key];
    auto found = versions.upper_bound(at);
    const bool latest = found == versions.end();
    if (found == versions.begin()) return std::nullopt;
    --found;
    if (!found->second || (at < time - retention && !latest)) return std::nullopt;
    return Found{*found->second, found->first, until(versions, found)};
  }

  std::vector<Found> history(const std::string& key, std::int64_t from, std::int64_t to) {
    std::vector<Found> result;
    Versions& versions = all[key];
    for (auto at = versions.begin(); at != versions.end(); ++at) {
      const auto end = until(versions, at);
      if (at->second && at->first <= to && (!end || *end > from)) {
        result.push_back({*at->second, at->first, end});
      }
    }
    return result;
  }

  std::map<std::string, Versions> all;
  std::int64_t time = -1;

 private:
  static std::optional<std::int64_t> until(const Versions& versions, Versions::iterator at) {
    const auto next = std::next(at);
    return next == versions.end() ? std::nullopt : std::optional{next->first};
  }
};

class CountingDrops final : public DroppedRows {
 public:
  void dropped(std::string_view, std::string_view) override { ++count; }
  int count = 0;
};

class VersionedModelTest : public ::testing::TestWithParam<StoreType> {
 protected:
  VersionedModelTest() { open(); }

  void open() {
    store_ = bench_.open(spec_, &drops_);
    rows_.open(*store_);
  }

  void step() {
    const int dice = number(100);
    if (dice < 50) {
      put();
    } else if (dice < 75) {
      get();
    } else if (dice < 85) {
      history();
    } else if (dice < 93) {
      store_->flush_cache();
      store_->commit(position(++commits_));
      committed_ = now_;
      committed_sends_ = bench_.sink.sent.size();
    } else if (dice < 97) {
      rollback();
    } else if (number(3) == 0) {
      reopen();
    }
  }

  void put() {
    const std::string at_key = key();
    std::int64_t from = std::max<std::int64_t>(0, now_.time + number(30) - 20);
    if (number(20) == 0) from = std::max<std::int64_t>(0, now_.time - number(200));
    std::optional<std::string> value;
    if (number(4) > 0)
      value = std::string(static_cast<std::size_t>(number(9)), 'v') + std::to_string(number(99));
    // The reference forgets that a key was deleted at the very time of its latest version.
    const auto& versions = now_.all[at_key];
    if (!value && !versions.empty() && versions.rbegin()->first == from) return;

    const auto expected = now_.put(at_key, from, value);
    const VersionedRows::Put result = rows_.put(
        bytes(at_key), value ? std::optional{bytes(*value)} : std::nullopt, Timestamp{from}, at(1));

    ASSERT_EQ(result.accepted, expected.has_value());
    if (!expected) {
      ASSERT_EQ(++expected_drops_, drops_.count);
      return;
    }
    ASSERT_EQ(result.until ? std::optional{result.until->milliseconds()} : std::nullopt, *expected);
    ASSERT_EQ(bench_.sink.sent.back(), (Sent{at_key, value, from}));
  }

  void get() {
    const std::string at_key = key();
    ByteBuffer value;
    if (number(3) == 0) {
      ASSERT_EQ(found(rows_.get(bytes(at_key), value), value), now_.get(at_key, 1'000'000'000));
      return;
    }
    const std::int64_t time = now_.time + 10 - number(150);
    ASSERT_EQ(found(rows_.get(bytes(at_key), Timestamp{time}, value), value),
              now_.get(at_key, time))
        << "at " << time;
  }

  // Within what is promised: older versions may be there or not.
  void history() {
    const std::string at_key = key();
    const std::int64_t from = std::max<std::int64_t>(now_.time - retention + number(80), 0);
    const std::int64_t to = from + number(100);
    const auto direction = number(2) == 0 ? Direction::forward : Direction::backward;
    std::vector<Found> versions;
    for (auto it = rows_.history(bytes(at_key), {Timestamp{from}, Timestamp{to}}, direction);
         it->valid(); it->next()) {
      versions.push_back(*found(it->version(), ByteBuffer{it->value()}));
    }
    std::vector<Found> expected = now_.history(at_key, from, to);
    if (direction == Direction::backward) std::ranges::reverse(expected);
    ASSERT_EQ(versions, expected);
  }

  void rollback() {
    store_->rollback();
    now_ = committed_;
    bench_.sink.sent.resize(committed_sends_);
  }

  void reopen() {
    rollback();
    store_.reset();
    const bool anew = spec_.type == StoreType::in_memory || number(2) == 0;
    if (anew && spec_.type == StoreType::rocksdb) {
      bench_.storage->destroy(bench_.folder.path() / spec_.name);
    }
    open();
    // Applied twice they do no harm either.
    if (anew || number(2) == 0) restore();
  }

  void restore() {
    std::vector<RawRecord> records;
    for (std::size_t i = 0; i < bench_.sink.sent.size(); ++i) {
      const Sent& sent = bench_.sink.sent[i];
      records.push_back({.key = bytes(sent.key),
                         .value = sent.value ? std::optional{bytes(*sent.value)} : std::nullopt,
                         .timestamp = Timestamp{sent.time},
                         .offset = Offset{static_cast<std::int64_t>(i)}});
      if (number(20) == 0 || i + 1 == bench_.sink.sent.size()) {
        store_->restore(records, position(commits_));
        records.clear();
      }
    }
  }

  static std::optional<Found> found(const std::optional<Version>& version,
                                    const ByteBuffer& value) {
    if (!version) return std::nullopt;
    return Found{std::string{value.bytes().text()}, version->from.milliseconds(),
                 version->until ? std::optional{version->until->milliseconds()} : std::nullopt};
  }

  int number(int below) { return std::uniform_int_distribution{0, below - 1}(random_); }
  std::string key() { return std::string(static_cast<std::size_t>(number(4)), 'k'); }

  std::mt19937_64 random_{test_seed()};
  StoreBench bench_;
  StoreSpec spec_{.name = "s",
                  .type = GetParam(),
                  .kind = StoreKind::versioned,
                  .retention = std::chrono::milliseconds{retention},
                  .segment_interval = 30ms};
  CountingDrops drops_;
  std::unique_ptr<KeyValueBytesStore> store_;
  VersionedRows rows_;
  VersionedModel now_;
  VersionedModel committed_;
  std::size_t committed_sends_ = 0;
  std::int64_t commits_ = 0;
  int expected_drops_ = 0;
};

TEST_P(VersionedModelTest, AgreesWithEveryVersionThatWasPut) {
  for (int i = 0; i < random_tries(10'000) && !HasFatalFailure(); ++i) step();
}

INSTANTIATE_TEST_SUITE_P(Kinds, VersionedModelTest,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& kind) {
                           return kind.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

}  // namespace
}  // namespace moldau::state
