#include "runtime/transaction_size.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most = 32U << 20;

TEST(TransactionSize, IsAQuarterOfWhatWasTooMuch) {
  TransactionSize size{most, 10s};

  EXPECT_EQ(size.given_up(4'000'000, 10s), 1'000'000U);
  EXPECT_EQ(size.limit(), 1'000'000U);
  EXPECT_EQ(size.given_up(1'100'000, 10s), 250'000U) << "a bit more than the limit was sent";
}

TEST(TransactionSize, StaysIfATransactionIsGivenUpForAnotherReason) {
  TransactionSize size{most, 10s};

  EXPECT_EQ(size.given_up(4'000'000, 4s), std::nullopt);
  EXPECT_EQ(size.limit(), most);
}

TEST(TransactionSize, AlwaysHasRoomForARecord) {
  TransactionSize size{most, 10s};

  for (int i = 0; i < 100; ++i) size.given_up(size.limit(), 10s);

  EXPECT_EQ(size.limit(), 16U * 1024);
}

TEST(TransactionSize, GrowsBackWhenFullOnesAreQuick) {
  TransactionSize size{most, 10s};
  size.given_up(4'000'000, 10s);

  size.committed(900'000, 1ms);
  EXPECT_EQ(size.limit(), 1'000'000U) << "was not full";
  size.committed(1'000'000, 3s);
  EXPECT_EQ(size.limit(), 1'000'000U) << "was not quick";
  size.committed(1'000'000, 2s);
  EXPECT_EQ(size.limit(), 2'000'000U);
  for (int i = 0; i < 100; ++i) size.committed(size.limit(), 1s);
  EXPECT_EQ(size.limit(), most);
}

TEST(TransactionSize, MayBeWithoutABound) {
  constexpr std::size_t no_bound = static_cast<std::size_t>(-1);
  TransactionSize size{no_bound, 300s};
  size.given_up(64'000'000, 300s);
  EXPECT_EQ(size.limit(), 16'000'000U);

  for (int i = 0; i < 100; ++i) size.committed(size.limit(), 1s);

  EXPECT_EQ(size.limit(), no_bound);
}

}  // namespace
}  // namespace moldau::runtime
