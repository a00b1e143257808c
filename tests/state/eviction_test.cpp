#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One letter as key and one as value: what the reference counts for it.
constexpr std::size_t entry_size = 1 + 1 + 45;

class Eviction : public ::testing::Test {
 protected:
  explicit Eviction(std::size_t entries = 3) : bench_(entries * entry_size) {}

  std::unique_ptr<KeyValueBytesStore> open(std::string name) {
    return bench_.open(
        {.name = std::move(name), .type = StoreType::in_memory, .layout = ValueLayout::plain});
  }
  std::vector<std::string> written() const {
    std::vector<std::string> keys;
    for (const Sent& sent : bench_.sink.sent) keys.push_back(sent.key);
    return keys;
  }

  StoreBench bench_;
  std::unique_ptr<KeyValueBytesStore> store_ = open("s");
};

TEST_F(Eviction, DoesNotHappenWhileTheBudgetHolds) {
  for (const char* key : {"a", "b", "c"}) put(*store_, key, "1");

  EXPECT_THAT(written(), IsEmpty());
  EXPECT_EQ(bench_.cache.used_bytes(), bench_.cache.max_bytes());
}

TEST_F(Eviction, OfADirtyEntryWritesItFirstAndThenAllOtherDirtyOnes) {
  for (const char* key : {"a", "b", "c"}) put(*store_, key, "1");
  EXPECT_EQ(get(*store_, "a"), "1");  // now b is the one used longest ago

  put(*store_, "d", "1");

  EXPECT_THAT(written(), ElementsAre("b", "a", "c", "d"));
  EXPECT_EQ(bench_.cache.used_bytes(), 3 * entry_size);
}

TEST_F(Eviction, OfACleanEntryWritesNothing) {
  for (const char* key : {"a", "b", "c"}) put(*store_, key, "1");
  store_->flush_cache();
  const std::size_t flushed = written().size();

  put(*store_, "d", "1");

  EXPECT_EQ(written().size(), flushed);
  EXPECT_EQ(bench_.cache.used_bytes(), 3 * entry_size);
}

TEST_F(Eviction, HitsTheStoreThatIsWrittenTo) {
  const auto other = open("other");
  for (const char* key : {"a", "b", "c"}) put(*store_, key, "1");

  put(*other, "z", "1");

  EXPECT_THAT(written(), ElementsAre("z"));
  EXPECT_EQ(bench_.cache.used_bytes(), 3 * entry_size);
}

TEST_F(Eviction, CountsTopicAndHeadersOfTheLastUpdate) {
  const Headers headers{{"name", ByteBuffer{bytes("value")}}, {"null", std::nullopt}};

  store_->put(bytes("a"), bytes("1"),
              {Timestamp{1}, &headers, {"topic", PartitionId{0}, Offset{0}}});
  EXPECT_EQ(bench_.cache.used_bytes(), entry_size + 5 + 4 + 5 + 4);

  put(*store_, "a", "1");
  EXPECT_EQ(bench_.cache.used_bytes(), entry_size);
  erase(*store_, "a");
  EXPECT_EQ(bench_.cache.used_bytes(), entry_size - 1);
}

TEST_F(Eviction, ADeletionLeavesTheCacheOnceItIsBelow) {
  put(*store_, "a", "1");
  store_->flush_cache();
  erase(*store_, "a");

  store_->flush_cache();

  EXPECT_EQ(bench_.cache.used_bytes(), 0U);
}

TEST_F(Eviction, AReadTakesPartInIt) {
  for (const char* key : {"a", "b", "c", "d"}) put(*store_, key, "1");
  store_->flush_cache();
  const std::size_t flushed = written().size();
  EXPECT_EQ(get(*store_, "a"), "1");  // comes back from below and pushes b out

  EXPECT_EQ(bench_.cache.used_bytes(), 3 * entry_size);
  EXPECT_EQ(written().size(), flushed);
}

TEST_F(Eviction, AnEntryLargerThanTheBudgetGoesDownAtOnce) {
  put(*store_, "a", std::string(1000, 'x'));

  EXPECT_THAT(written(), ElementsAre("a"));
  EXPECT_EQ(bench_.cache.used_bytes(), 0U);
  EXPECT_EQ(get(*store_, "a"), std::string(1000, 'x'));
}

TEST_F(Eviction, GivesTheBudgetBackWhenTheStoreCloses) {
  put(*store_, "a", "1");
  store_.reset();

  EXPECT_EQ(bench_.cache.used_bytes(), 0U);
}

TEST_F(Eviction, WhileAListenerWritesToTheSameStoreLosesNothing) {
  class WriteBack final : public FlushListener {
   public:
    explicit WriteBack(KeyValueBytesStore& store) : store_(store) {}
    void flushed(const CacheEntry& entry) override {
      if (entry.key.size() > 1) return;
      const std::string derived = std::string{entry.key.text()} + "'";
      store_.put(bytes(derived), entry.now, entry.context);
    }

   private:
    KeyValueBytesStore& store_;
  };
  WriteBack listener{*store_};
  store_->set_flush_listener(listener, true);

  for (char key = 'a'; key <= 'z'; ++key) put(*store_, std::string_view{&key, 1}, "1");
  store_->flush_cache();
  store_->commit(std::nullopt);

  for (char key = 'a'; key <= 'z'; ++key) {
    EXPECT_EQ(get(*store_, std::string_view{&key, 1}), "1") << key;
    EXPECT_EQ(get(*store_, std::string{key} + "'"), "1") << key;
  }
  EXPECT_LE(bench_.cache.used_bytes(), bench_.cache.max_bytes());
}

TEST_F(Eviction, IsCounted) {
  for (const char* key : {"a", "b", "c", "d", "e"}) put(*store_, key, "1");
  EXPECT_EQ(get(*store_, "e"), "1");
  store_->flush_cache();

  EXPECT_EQ(bench_.metrics.sum("eviction-total"), 2);
  EXPECT_EQ(bench_.metrics.sum("hit-ratio-avg"), 1);
}

}  // namespace
}  // namespace moldau::state
