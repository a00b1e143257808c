#include "runtime/head_heap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::runtime {
namespace {

using ::testing::ElementsAre;

std::vector<std::size_t> drained(HeadHeap& heap) {
  std::vector<std::size_t> order;
  while (!heap.empty()) order.push_back(heap.poll().queue);
  return order;
}

TEST(HeadHeap, TheSmallestTimestampComesFirst) {
  HeadHeap heap;
  heap.offer({Timestamp{30}, 0});
  heap.offer({Timestamp{10}, 1});
  heap.offer({Timestamp{20}, 2});

  EXPECT_THAT(drained(heap), ElementsAre(1, 2, 0));
}

// The orders below are what java.util.PriorityQueue gives for the same offers; they are not the
// order of arrival.
TEST(HeadHeap, ThreeEqualHeadsComeInTheOrderOfJavasQueue) {
  HeadHeap heap;
  for (std::size_t queue = 0; queue < 3; ++queue) heap.offer({Timestamp{5}, queue});

  EXPECT_THAT(drained(heap), ElementsAre(0, 2, 1));
}

TEST(HeadHeap, FiveEqualHeadsComeInTheOrderOfJavasQueue) {
  HeadHeap heap;
  for (std::size_t queue = 0; queue < 5; ++queue) heap.offer({Timestamp{5}, queue});

  EXPECT_THAT(drained(heap), ElementsAre(0, 4, 3, 2, 1));
}

TEST(HeadHeap, AnOfferDoesNotPassAnEqualParent) {
  HeadHeap heap;
  heap.offer({Timestamp{5}, 0});
  heap.offer({Timestamp{5}, 1});
  EXPECT_EQ(heap.poll().queue, 0U);

  heap.offer({Timestamp{5}, 0});

  EXPECT_THAT(drained(heap), ElementsAre(1, 0));
}

}  // namespace
}  // namespace moldau::runtime
