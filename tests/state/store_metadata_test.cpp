#include "state/rocksdb/store_metadata.h"

#include "golden/hex.h"

#include <gtest/gtest.h>

#include <array>

namespace moldau::state {
namespace {

TEST(StoreMetadata, APositionIsReadAsItWasWritten) {
  const std::array positions{
      ChangelogPosition{.next = Offset{42}, .as_of = Timestamp{1000}, .topic_id = {}},
      ChangelogPosition{.next = Offset{42}, .as_of = Timestamp{1000}, .topic_id = "id"},
      ChangelogPosition{.next = Offset{-1},
                        .as_of = Timestamp{1000},
                        .topic_id = {},
                        .partitions = {Offset{1}, Offset{2}}}};
  for (const ChangelogPosition& position : positions) {
    ByteBuffer bytes;
    encode_position(position, bytes);

    EXPECT_EQ(decode_position(bytes), position) << to_hex(bytes);
  }
}

TEST(StoreMetadata, WhatEncodingDoesNotWriteIsNoPosition) {
  const std::string fixed = "000000000000002a00000000000003e8";
  // Cut off; of an unknown kind; something behind the end; half a partition; of partitions, but
  // none.
  for (const char* rest : {"", "03", "0000", "0200000000", "02"}) {
    EXPECT_EQ(decode_position(from_hex(fixed + rest)), std::nullopt) << rest;
  }
}

TEST(StoreMetadata, AFormatIsFourBytes) {
  EXPECT_EQ(decode_format(encode_format(store_format)), store_format);
  EXPECT_EQ(decode_format(from_hex("0000000100")), std::nullopt);
}

}  // namespace
}  // namespace moldau::state
