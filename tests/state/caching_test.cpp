#include "moldau/base/clock.h"

#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// Notes what a flush says and how many changelog records there were by then.
class NotingListener final : public FlushListener {
 public:
  explicit NotingListener(const NotingSink& sink) : sink_(sink) {}

  void flushed(const CacheEntry& entry) override {
    std::string text{entry.key.text()};
    text += ": " + (entry.before ? std::string{entry.before->text()} : "-");
    text += " > " + (entry.now ? std::string{entry.now->text()} : "-");
    notes.push_back(text);
    changelog_before.push_back(sink_.sent.size());
    context_topics.emplace_back(entry.context.metadata.topic);
    context_offsets.push_back(entry.context.metadata.offset.value());
    context_times.push_back(entry.context.timestamp.milliseconds());
    context_headers.push_back(*entry.context.headers);
    if (then) then(entry);
  }

  std::vector<std::string> notes;
  std::vector<std::size_t> changelog_before;
  std::vector<std::string> context_topics;
  std::vector<std::int64_t> context_offsets;
  std::vector<std::int64_t> context_times;
  std::vector<Headers> context_headers;
  std::function<void(const CacheEntry&)> then;

 private:
  const NotingSink& sink_;
};

class Caching : public ::testing::Test {
 protected:
  std::unique_ptr<KeyValueBytesStore> open(std::string name) {
    return bench_.open(
        {.name = std::move(name), .type = StoreType::in_memory, .layout = ValueLayout::plain});
  }
  Entries all(Direction direction = Direction::forward) {
    return read_all(store_->range(ByteRange::all(), direction));
  }
  void listen(bool wants_old_values = true) {
    store_->set_flush_listener(listener_, wants_old_values);
  }
  std::vector<std::string> changelog_keys() const {
    std::vector<std::string> keys;
    for (const Sent& sent : bench_.sink.sent) keys.push_back(sent.key);
    return keys;
  }

  StoreBench bench_;
  std::unique_ptr<KeyValueBytesStore> store_ = open("s");
  NotingListener listener_{bench_.sink};
};

TEST_F(Caching, IsLeftOutWithoutARecordCache) {
  const StoreSpec spec{.name = "bare", .type = StoreType::in_memory, .caching = true};
  const auto bare = open_store(spec, {.storage = *bench_.storage,
                                      .folder = bench_.folder.path(),
                                      .changelog = std::nullopt,
                                      .logger = *bench_.logger,
                                      .clock = system_clock(),
                                      .metrics = bench_.metrics});
  EXPECT_FALSE(bare->cached());
  EXPECT_TRUE(store_->cached());
}

TEST_F(Caching, AWriteIsReadBackBeforeItGoesDown) {
  listen();
  put(*store_, "a", "1");
  EXPECT_EQ(get(*store_, "a"), "1");
  EXPECT_THAT(all(), ElementsAre(Pair("a", "1")));
  EXPECT_THAT(bench_.sink.sent, IsEmpty());

  erase(*store_, "a");
  EXPECT_EQ(get(*store_, "a"), std::nullopt);
  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(Caching, UpdatesOfAKeyBecomeOneChangelogRecordThenOneChange) {
  listen();
  put(*store_, "a", "1", at(1));
  put(*store_, "a", "2", at(2));
  store_->flush_cache();
  put(*store_, "a", "3", at(3));
  put(*store_, "a", "4", at(4));
  store_->flush_cache();

  EXPECT_THAT(bench_.sink.sent, ElementsAre(Sent{"a", "2", 2}, Sent{"a", "4", 4}));
  EXPECT_THAT(listener_.notes, ElementsAre("a: - > 2", "a: 2 > 4"));
  EXPECT_THAT(listener_.changelog_before, ElementsAre(1, 2));
}

TEST_F(Caching, EntriesGoDownInTheOrderInWhichEachWasLastWritten) {
  listen();
  for (const char* key : {"c", "a", "b"}) put(*store_, key, "1");
  put(*store_, "c", "2");

  store_->flush_cache();

  EXPECT_THAT(listener_.notes, ElementsAre("a: - > 1", "b: - > 1", "c: - > 2"));
  EXPECT_THAT(changelog_keys(), ElementsAre("a", "b", "c"));
}

TEST_F(Caching, ReadingAnEntryDoesNotChangeThatOrder) {
  listen();
  for (const char* key : {"a", "b"}) put(*store_, key, "1");
  EXPECT_EQ(get(*store_, "a"), "1");

  store_->flush_cache();

  EXPECT_THAT(changelog_keys(), ElementsAre("a", "b"));
}

TEST_F(Caching, ACleanEntryIsNotFlushedAgain) {
  listen();
  put(*store_, "a", "1");
  store_->flush_cache();
  store_->flush_cache();

  EXPECT_EQ(listener_.notes.size(), 1U);
  EXPECT_EQ(get(*store_, "a"), "1");
}

TEST_F(Caching, TheChangeCarriesTheContextOfTheLastUpdate) {
  listen();
  std::string topic = "first";
  Headers headers{{"h", ByteBuffer{bytes("1")}}};
  store_->put(bytes("a"), bytes("1"), {Timestamp{1}, &headers, {topic, PartitionId{0}, Offset{8}}});
  topic = "other";
  headers = Headers{{"h", ByteBuffer{bytes("2")}}};
  store_->put(bytes("a"), bytes("2"), {Timestamp{2}, &headers, {topic, PartitionId{0}, Offset{9}}});
  topic = "gone!";
  headers.clear();

  store_->flush_cache();

  EXPECT_THAT(listener_.context_topics, ElementsAre("other"));
  EXPECT_THAT(listener_.context_offsets, ElementsAre(9));
  EXPECT_THAT(listener_.context_times, ElementsAre(2));
  EXPECT_THAT(listener_.context_headers, ElementsAre(Headers{{"h", ByteBuffer{bytes("2")}}}));
}

TEST_F(Caching, OldValuesAreLeftOutUnlessWanted) {
  listen(false);
  put(*store_, "a", "1");
  store_->flush_cache();
  put(*store_, "a", "2");
  store_->flush_cache();
  erase(*store_, "a");
  store_->flush_cache();

  EXPECT_THAT(listener_.notes, ElementsAre("a: - > 1", "a: - > 2", "a: - > -"));
}

TEST_F(Caching, ARowThatCameAndWentBetweenFlushesWasNeverThere) {
  listen(false);
  put(*store_, "a", "1");
  erase(*store_, "a");

  store_->flush_cache();

  EXPECT_THAT(listener_.notes, IsEmpty());
  EXPECT_THAT(bench_.sink.sent, IsEmpty());
  EXPECT_EQ(get(*store_, "a"), std::nullopt);
}

TEST_F(Caching, WithoutAListenerEvenThatDeletionIsWritten) {
  erase(*store_, "a", at(3));

  store_->flush_cache();

  EXPECT_THAT(bench_.sink.sent, ElementsAre(Sent{"a", std::nullopt, 3}));
}

TEST_F(Caching, RollbackForgetsDirtyAndCleanEntries) {
  put(*store_, "a", "1");
  store_->flush_cache();
  store_->commit(position(1));
  put(*store_, "a", "2");
  store_->flush_cache();  // below, and clean in the cache
  put(*store_, "b", "2");

  store_->rollback();

  EXPECT_THAT(all(), ElementsAre(Pair("a", "1")));
  EXPECT_EQ(get(*store_, "a"), "1");
  EXPECT_EQ(bench_.cache.used_bytes(), 1U + 1 + 45);  // what get() has just put there
}

TEST_F(Caching, AListenerMayWriteToOtherCachedStores) {
  const auto other = open("other");
  NotingListener other_listener{bench_.sink};
  other->set_flush_listener(other_listener, true);
  listen();
  listener_.then = [&](const CacheEntry& entry) { other->put(entry.key, entry.now, at(0)); };
  put(*store_, "a", "1");
  put(*store_, "b", "2");

  store_->flush_cache();
  EXPECT_THAT(other_listener.notes, IsEmpty());
  other->flush_cache();

  EXPECT_THAT(other_listener.notes, ElementsAre("a: - > 1", "b: - > 2"));
}

TEST_F(Caching, AListenerMayWriteToTheStoreThatIsBeingFlushed) {
  listen();
  listener_.then = [&](const CacheEntry& entry) {
    if (entry.now->text() != "1") return;
    put(*store_, "new", "from " + std::string{entry.key.text()});
    put(*store_, "b", "from " + std::string{entry.key.text()});
    // What the listener was given stays as it is.
    EXPECT_EQ(entry.now->text(), "1");
  };
  put(*store_, "a", "1");
  put(*store_, "b", "1");

  store_->flush_cache();
  store_->commit(std::nullopt);

  EXPECT_THAT(listener_.notes, ElementsAre("a: - > 1", "new: - > from a", "b: - > from a"));
  EXPECT_THAT(all(), ElementsAre(Pair("a", "1"), Pair("b", "from a"), Pair("new", "from a")));
}

TEST_F(Caching, AListenerMayReplaceTheEntryThatIsOnItsWay) {
  listen();
  listener_.then = [&](const CacheEntry& entry) {
    if (entry.now->text() == "1") store_->put(entry.key, bytes("2"), at(0));
  };
  put(*store_, "a", "1");

  store_->flush_cache();

  EXPECT_THAT(listener_.notes, ElementsAre("a: - > 1", "a: 1 > 2"));
  EXPECT_EQ(get(*store_, "a"), "2");
}

TEST_F(Caching, AListenerThatNeverComesToRestIsAnError) {
  listen();
  listener_.then = [&](const CacheEntry& entry) { store_->put(entry.key, entry.now, at(0)); };
  put(*store_, "a", "1");

  try {
    store_->flush_cache();
    FAIL() << "it came to an end";
  } catch (const StateStoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("store \"s\""));
  }
}

TEST_F(Caching, AnIteratorSeesEntriesGoDownInTheLoop) {
  for (const char* key : {"a", "b", "c", "d"}) put(*store_, key, "1");
  store_->flush_cache();
  put(*store_, "b", "2");
  std::vector<std::string> seen;

  for (auto it = store_->range(ByteRange::all(), Direction::forward); it->valid(); it->next()) {
    seen.push_back(std::string{it->key().text()} + std::string{it->value().text()});
    erase(*store_, "c");
    store_->flush_cache();
  }

  EXPECT_THAT(seen, ElementsAre("a1", "b2", "d1"));
}

TEST_F(Caching, ABackwardIteratorSeesEntriesGoDownInTheLoop) {
  for (const char* key : {"a", "b", "c", "d"}) put(*store_, key, "1");
  std::vector<std::string> seen;

  for (auto it = store_->range(ByteRange::all(), Direction::backward); it->valid(); it->next()) {
    seen.emplace_back(it->key().text());
    erase(*store_, it->key().text());
    erase(*store_, "b");
    store_->flush_cache();
  }

  EXPECT_THAT(seen, ElementsAre("d", "c", "a"));
  EXPECT_THAT(all(), IsEmpty());
}

}  // namespace
}  // namespace moldau::state
