#include "kafka/wire/frame.h"

#include "golden/hex.h"
#include "kafka/wire/decode_error.h"
#include "kafka_wire/by_hand.h"

#include <gtest/gtest.h>

namespace moldau::inline v0::kafka::wire {
namespace {

TEST(Frame, ARequestStartsWithApiVersionIdAndClient) {
  ByteBuffer frame;
  append_request_header({.api_key = 88, .api_version = 1, .correlation_id = 5, .client_id = "me"},
                        frame);

  EXPECT_EQ(to_hex(frame),
            "0058"
            "0001"
            "00000005"
            "0002"
            "6d65"
            "00");
}

TEST(Frame, ARequestIsSplitIntoHeaderAndBody) {
  const ByteBuffer frame = by_hand({"000a", "0004", "00000007", "ffff", "00", "0102"});

  const RequestFrame request = split_request(frame);

  EXPECT_EQ(request.header, (RequestHeader{.api_key = 10, .api_version = 4, .correlation_id = 7}));
  EXPECT_EQ(to_hex(request.body), "0102");
}

TEST(Frame, OnlyTheSaslHandshakeHasNoTagsInItsHeader) {
  ByteBuffer frame;
  append_request_header({.api_key = 17, .api_version = 1, .correlation_id = 5, .client_id = "me"},
                        frame);

  EXPECT_EQ(to_hex(frame),
            "0011"
            "0001"
            "00000005"
            "0002"
            "6d65");
  EXPECT_EQ(split_request(frame).header.client_id, "me");
  EXPECT_TRUE(split_request(frame).body.empty());
}

TEST(Frame, AResponseHeaderHasTagsFromVersionOneOn) {
  EXPECT_EQ(to_hex(split_response(by_hand({"00000007", "00", "0102"}), 1).body), "0102");
  EXPECT_EQ(to_hex(split_response(by_hand({"00000007", "00", "0102"}), 0).body), "000102");
  EXPECT_EQ(split_response(by_hand({"00000007"}), 0).correlation_id, 7);
  EXPECT_THROW(static_cast<void>(split_response(by_hand({"00000007"}), 1)), DecodeError);
}

TEST(Frame, AResponseHeaderIsWhatIsSplitOff) {
  for (const std::int16_t version : {std::int16_t{0}, std::int16_t{1}}) {
    ByteBuffer frame;
    append_response_header(9, version, frame);

    const ResponseFrame response = split_response(frame, version);

    EXPECT_EQ(response.correlation_id, 9);
    EXPECT_TRUE(response.body.empty());
  }
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
