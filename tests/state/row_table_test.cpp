#include "state/row_table.h"

#include "store_fixture.h"

#include <gtest/gtest.h>

#include <vector>

namespace moldau::state {
namespace {

constexpr std::size_t budget = 16U << 10;

std::string key(int number) { return "key-" + std::to_string(number); }

TEST(RowTable, RemembersWhatTheStorageSaidUpToItsBudget) {
  RowTable table{budget};
  for (int i = 0; i < 10'000; ++i) {
    table.remember(bytes(key(i)), bytes("value"));
    ASSERT_LE(table.clean_bytes(), budget);
  }

  EXPECT_GT(table.clean_bytes(), budget / 2);
  EXPECT_NE(table.find(bytes(key(9'999))), nullptr);
  EXPECT_EQ(table.find(bytes(key(0))), nullptr);
}

TEST(RowTable, RemembersThatThereIsNothing) {
  RowTable table{budget};
  table.remember(bytes("a"), std::nullopt);

  const Row* row = table.find(bytes("a"));
  ASSERT_NE(row, nullptr);
  EXPECT_FALSE(row->present());
}

TEST(RowTable, KeepsARowThatIsUsedWhileOthersComeAndGo) {
  RowTable table{budget};
  table.remember(bytes("hot"), bytes("value"));
  for (int i = 0; i < 10'000; ++i) {
    table.remember(bytes(key(i)), bytes("value"));
    ASSERT_NE(table.find(bytes("hot")), nullptr) << "after " << i;
  }
}

TEST(RowTable, NeverEvictsADirtyRow) {
  RowTable table{budget};
  for (int i = 0; i < 1000; ++i) table.write(bytes(key(i)), bytes("dirty"));
  for (int i = 1000; i < 5000; ++i) table.remember(bytes(key(i)), bytes("clean"));

  EXPECT_EQ(table.dirty_rows(), 1000U);
  for (int i = 0; i < 1000; ++i) ASSERT_NE(table.find(bytes(key(i))), nullptr) << key(i);
}

TEST(RowTable, KeepsWhatWasWrittenWithinItsBudgetWhenItBecomesClean) {
  RowTable table{budget};
  for (int i = 0; i < 10'000; ++i) table.write(bytes(key(i)), bytes("dirty"));

  table.mark_clean();

  EXPECT_EQ(table.dirty_rows(), 0U);
  EXPECT_EQ(table.dirty_bytes(), 0U);
  EXPECT_LE(table.clean_bytes(), budget);
  EXPECT_GT(table.clean_bytes(), budget / 2);
}

TEST(RowTable, DoesNotRememberARowThatWouldPushTheOthersOut) {
  RowTable table{budget};
  table.remember(bytes("large"), bytes(std::string(budget, 'x')));

  EXPECT_EQ(table.find(bytes("large")), nullptr);
  EXPECT_EQ(table.clean_bytes(), 0U);
}

TEST(RowTable, WithoutABudgetKeepsDirtyRowsOnly) {
  RowTable table{0};
  table.remember(bytes("a"), bytes("1"));
  EXPECT_EQ(table.find(bytes("a")), nullptr);
  table.write(bytes("a"), bytes("2"));
  EXPECT_NE(table.find(bytes("a")), nullptr);
  table.mark_clean();
  EXPECT_EQ(table.find(bytes("a")), nullptr);
  EXPECT_EQ(table.clean_bytes(), 0U);
}

TEST(RowTable, LooksForRowsToForgetAmongTheDirtyOnesOnly) {
  RowTable table{budget};
  for (int i = 0; i < 50; ++i) table.write(bytes(key(i)), bytes("value"));
  table.mark_clean();
  for (int i = 40; i < 60; ++i) table.write(bytes(key(i)), bytes("dirty"));
  const std::size_t held = table.clean_bytes() + table.dirty_bytes();
  const RowIndex& ordered = table.ordered();

  int asked = 0;
  table.forget_dirty([&](Bytes) { return ++asked % 2 == 0; });

  EXPECT_EQ(asked, 20);
  EXPECT_EQ(table.dirty_rows(), 10U);
  EXPECT_EQ(table.clean_bytes() + table.dirty_bytes(), held);
  std::vector<StorageWrite> writes;
  table.collect_dirty(writes);
  EXPECT_EQ(writes.size(), 10U);
  const ByteRange all;
  RowCursor cursor{ordered, all, Direction::forward};
  int shown = 0;
  for (; cursor.peek(std::nullopt) != nullptr; cursor.advance()) ++shown;
  EXPECT_EQ(shown, 10);
}

TEST(RowTable, ARowThatIsForgottenGoesLikeACleanOne) {
  RowTable table{budget};
  for (int i = 0; i < 1'000; ++i) table.write(bytes(key(i)), bytes("value"));
  table.forget_dirty([](Bytes) { return true; });

  EXPECT_EQ(table.dirty_bytes(), 0U);
  EXPECT_LE(table.clean_bytes(), budget);
  EXPECT_FALSE(table.has_dirty());
}

TEST(RowTable, ARowThatWasTakenBackIsNeitherWrittenNorShown) {
  RowTable table{budget};
  const RowIndex& ordered = table.ordered();
  table.write(bytes("a"), bytes("1"));
  table.write(bytes("b"), bytes("2"));

  table.take_back(bytes("a"));
  table.take_back(bytes("a"));
  table.take_back(bytes("never written"));

  std::vector<StorageWrite> writes;
  table.collect_dirty(writes);
  ASSERT_EQ(writes.size(), 1U);
  EXPECT_EQ(writes[0].key, bytes("b"));
  const ByteRange all;
  RowCursor cursor{ordered, all, Direction::forward};
  ASSERT_NE(cursor.peek(std::nullopt), nullptr);
  EXPECT_EQ(cursor.peek(std::nullopt)->key(), bytes("b"));
  const Row* row = table.find(bytes("a"));
  ASSERT_NE(row, nullptr);
  EXPECT_FALSE(row->present());
}

TEST(RowTable, ARowThatWasTakenBackMayComeBack) {
  RowTable table{budget};
  const RowIndex& ordered = table.ordered();
  table.write(bytes("a"), bytes("1"));
  table.take_back(bytes("a"));

  table.write(bytes("a"), bytes("2"));

  std::vector<StorageWrite> writes;
  table.collect_dirty(writes);
  ASSERT_EQ(writes.size(), 1U);
  EXPECT_EQ(writes[0].value, bytes("2"));
  EXPECT_FALSE(ordered.empty());
  table.take_back(bytes("a"));
  table.mark_clean();
  EXPECT_FALSE(table.has_dirty());
  EXPECT_TRUE(ordered.empty());
}

TEST(RowTable, AccountsForRowsThatTurnFromCleanToDirtyAndBack) {
  RowTable table{budget};
  table.remember(bytes("a"), bytes("1"));
  const std::size_t clean = table.clean_bytes();
  table.write(bytes("a"), bytes("2"));
  EXPECT_EQ(table.clean_bytes(), 0U);
  EXPECT_EQ(table.dirty_bytes(), clean);

  table.mark_clean();
  EXPECT_EQ(table.clean_bytes(), clean);
  EXPECT_EQ(table.dirty_bytes(), 0U);
  table.clear();
  EXPECT_EQ(table.clean_bytes(), 0U);
}

}  // namespace
}  // namespace moldau::state
