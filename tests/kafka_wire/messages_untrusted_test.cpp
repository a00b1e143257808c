#include "moldau/base/bytes.h"

#include "golden/hex.h"
#include "kafka/wire/codec.h"
#include "kafka/wire/decode_error.h"
#include "kafka/wire/messages.h"
#include "kafka_wire/allocation_watch.h"
#include "kafka_wire/by_hand.h"
#include "kafka_wire/example_messages.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace moldau::inline v0::kafka::wire {
namespace {

// No element of an array takes more than this many times its bytes in the frame, and a vector at
// most twice what it holds.
constexpr std::size_t memory_per_byte = 64;
constexpr std::size_t memory_of_errors = 1024;

// Decodes what may be anything. Fails the test if that takes more memory than the bytes warrant.
template <class Message>
void decode_untrusted(Bytes bytes) {
  forget_allocations();
  try {
    static_cast<void>(decode<Message>(bytes));
  } catch (const DecodeError&) {
  }
  ASSERT_LE(largest_allocation(), memory_per_byte * bytes.size() + memory_of_errors)
      << to_hex(bytes);
}

TEST(UntrustedMessages, AMessageCutAnywhereIsRefused) {
  for_each_example([](const auto& message) {
    ByteBuffer bytes;
    encode(message, bytes);

    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THROW(decode<std::decay_t<decltype(message)>>(bytes.bytes().first(size)), DecodeError)
          << size << " of " << to_hex(bytes);
    }
  });
}

TEST(UntrustedMessages, BytesBehindAMessageAreRefused) {
  for_each_example([](const auto& message) {
    ByteBuffer bytes;
    encode(message, bytes);
    bytes.append(std::byte{0});

    EXPECT_THROW(decode<std::decay_t<decltype(message)>>(bytes), DecodeError) << to_hex(bytes);
  });
}

TEST(UntrustedMessages, TagsThatAreNotKnownAreSkipped) {
  // In the request's only element, where there are no known tags, and at its end.
  const ByteBuffer bytes = by_hand({"00000000", "02", "02", text("t"), "01", "02", "07", "03",
                                    "aabbcc", "8001", "00",  //
                                    "01", "05", "01", "ff"});

  EXPECT_EQ(decode<OffsetCommitResponse>(bytes), (OffsetCommitResponse{.topics = {{"t", {}}}}));
}

TEST(UntrustedMessages, TagsThatAreNotKnownAreSkippedBetweenKnownOnes) {
  const ByteBuffer bytes = by_hand({"0000", "01", "00000000", "02",  //
                                    "01", "08", "0000000000000007", "09", "02", "ffff"});

  EXPECT_EQ(decode<ApiVersionsResponse>(bytes), ApiVersionsResponse{.finalized_features_epoch = 7});
}

TEST(UntrustedMessages, ATagMustHoldItsValueExactly) {
  const ByteBuffer longer = by_hand({"0000", "01", "00000000", "01", "01", "09",  //
                                     "000000000000000700"});
  const ByteBuffer shorter =
      by_hand({"0000", "01", "00000000", "01", "01", "07", "0000000000000007"});

  EXPECT_THROW(decode<ApiVersionsResponse>(longer), DecodeError);
  EXPECT_THROW(decode<ApiVersionsResponse>(shorter), DecodeError);
}

TEST(UntrustedMessages, ATagComesOnce) {
  const ByteBuffer bytes =
      by_hand({"0000", "01", "00000000", "02",  //
               "01", "08", "0000000000000007", "01", "08", "0000000000000008"});

  EXPECT_THROW(decode<ApiVersionsResponse>(bytes), DecodeError);
}

TEST(UntrustedMessages, ANullIsRefusedWhereThereMustBeAValue) {
  EXPECT_THROW(decode<FindCoordinatorRequest>(by_hand({"00", "00", "00"})), DecodeError);
  EXPECT_THROW(decode<FindCoordinatorRequest>(by_hand({"00", "02", "00", "00"})), DecodeError);
}

TEST(UntrustedMessages, ACountBeyondTheEndTakesNoMemory) {
  // An array of 4,294,967,294 groups.
  const ByteBuffer bytes = by_hand({"00000000", "ffffffff0f", "00000000000000000000"});

  EXPECT_THROW(decode<StreamsGroupDescribeResponse>(bytes), DecodeError);
  decode_untrusted<StreamsGroupDescribeResponse>(bytes);
}

TEST(UntrustedMessages, RandomBytesAreDecodedOrRefusedInBoundedMemory) {
  std::mt19937_64 random{test_seed()};
  for (int round = 0; round < random_tries(20'000); ++round) {
    std::vector<unsigned char> bytes(random() % 200);
    // Small numbers are more likely to be counts that lead on.
    std::ranges::generate(bytes, [&] {
      return static_cast<unsigned char>(random() % 3 == 0 ? random() : random() % 4);
    });
    for_each_example([&](const auto& message) {
      decode_untrusted<std::decay_t<decltype(message)>>(Bytes{bytes.data(), bytes.size()});
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(UntrustedMessages, ADamagedMessageIsDecodedOrRefusedInBoundedMemory) {
  std::mt19937_64 random{test_seed()};
  for (int round = 0; round < random_tries(5'000); ++round) {
    for_each_example([&](const auto& message) {
      ByteBuffer bytes;
      encode(message, bytes);
      for (auto damages = random() % 4 + 1; damages > 0; --damages) {
        bytes.data()[random() % bytes.size()] = static_cast<std::byte>(random());
      }
      decode_untrusted<std::decay_t<decltype(message)>>(bytes);
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
