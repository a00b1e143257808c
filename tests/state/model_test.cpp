#include "store_fixture.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

namespace moldau::state {
namespace {

using Model = std::map<std::string, std::string>;

// Random calls to a store and to std::map, which must agree throughout.
class StoreModel : public ::testing::TestWithParam<std::tuple<StoreType, bool>> {
 protected:
  void step() {
    const int dice = number(100);
    if (dice < 35) {
      const std::string at_key = key();
      const std::string value =
          row(number(1000), std::string(static_cast<std::size_t>(number(40)), 'v'));
      put(*store_, at_key, value);
      now_[at_key] = value;
    } else if (dice < 50) {
      const std::string at_key = key();
      erase(*store_, at_key);
      now_.erase(at_key);
    } else if (dice < 80) {
      const std::string at_key = key();
      const auto expected = now_.find(at_key);
      ASSERT_EQ(get(*store_, at_key),
                expected == now_.end() ? std::nullopt : std::optional{expected->second});
    } else if (dice < 92) {
      compare_range();
    } else if (dice < 94) {
      delete_in_a_loop();
    } else if (dice < 97) {
      store_->flush_cache();
      store_->commit(position(++commits_));
      committed_ = now_;
    } else if (dice < 99) {
      store_->rollback();
      now_ = committed_;
    } else if (number(10) == 0) {
      reopen();
    }
  }

  void compare_range() {
    const ByteRange range = random_range();
    const auto direction = number(2) == 0 ? Direction::forward : Direction::backward;
    Entries expected;
    for (const auto& [at_key, value] : now_) {
      if (range.contains(bytes(at_key))) expected.emplace_back(at_key, value);
    }
    if (direction == Direction::backward) std::reverse(expected.begin(), expected.end());

    ASSERT_EQ(read_all(store_->range(range, direction)), expected);
  }

  // Deletes every other entry it is shown, and one somewhere else.
  void delete_in_a_loop() {
    const ByteRange range = random_range();
    const auto direction = number(2) == 0 ? Direction::forward : Direction::backward;
    bool odd = false;
    for (auto it = store_->range(range, direction); it->valid(); it->next()) {
      const std::string shown{it->key().text()};
      ASSERT_TRUE(now_.contains(shown)) << "a deleted entry shows";
      ASSERT_EQ(it->value().text(), now_[shown]);
      odd = !odd;
      for (const std::string& gone : {odd ? shown : key(), key()}) {
        erase(*store_, gone);
        now_.erase(gone);
      }
    }
  }

  void reopen() {
    if (std::get<0>(GetParam()) == StoreType::in_memory) return;
    store_.reset();
    store_ = bench_.open(spec_);
    now_ = committed_;
    if (commits_ > 0) {
      ASSERT_EQ(store_->committed_position(), position(commits_));
    }
  }

  int number(int below) { return std::uniform_int_distribution{0, below - 1}(random_); }
  std::string key() {
    std::string text;
    for (int size = number(4); size > 0; --size) text.push_back(static_cast<char>(252 + number(4)));
    return text;
  }
  ByteRange random_range() {
    ByteRange range;
    if (number(4) > 0) range.from.emplace(bytes(key()));
    if (number(4) > 0) range.to.emplace(bytes(key()));
    range.to_exclusive = number(2) == 0;
    return range;
  }

  std::mt19937_64 random_{test_seed()};
  // So small that a cached store evicts all the time.
  StoreBench bench_{800};
  StoreSpec spec_{.name = "s", .type = std::get<0>(GetParam()), .caching = std::get<1>(GetParam())};
  std::unique_ptr<KeyValueBytesStore> store_ = bench_.open(spec_);
  Model now_;
  Model committed_;
  std::int64_t commits_ = 0;
};

TEST_P(StoreModel, AgreesWithAnOrderedMap) {
  for (int i = 0; i < random_tries(20'000) && !HasFatalFailure(); ++i) step();
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, StoreModel,
    ::testing::Combine(::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Bool()),
    [](const auto& kind) {
      return std::string{std::get<0>(kind.param) == StoreType::in_memory ? "Memory" : "RocksDb"} +
             (std::get<1>(kind.param) ? "Cached" : "");
    });

}  // namespace
}  // namespace moldau::state
