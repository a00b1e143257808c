#include "membership/classic/member_data.h"

#include "kafka/wire/codec.h"
#include "kafka/wire/decode_error.h"
#include "membership/wire_topology.h"

#include <utility>

namespace moldau::inline v0::membership::classic {

namespace {

using kafka::wire::DecodeError;
using kafka::wire::Reader;
using kafka::wire::Writer;

constexpr std::int16_t envelope_version = 0;
constexpr std::int16_t data_version = 1;
constexpr std::size_t smallest_text = 2;
constexpr std::size_t smallest_task = 8;

void write(Writer& out, const kafka::TaskSet& tasks) {
  out.count(tasks.size());
  for (const TaskId task : tasks) {
    out.int32(task.subtopology.value());
    out.int32(task.partition.value());
  }
}

kafka::TaskSet read_tasks(Reader& in) {
  kafka::TaskSet tasks;
  for (std::size_t left = in.count(smallest_task); left > 0; --left) {
    const SubtopologyId subtopology{in.int32()};
    const PartitionId partition{in.int32()};
    if (subtopology.value() < 0 || partition.value() < 0) {
      throw DecodeError{"a task has a negative number"};
    }
    tasks.insert({.subtopology = subtopology, .partition = partition});
  }
  return tasks;
}

void write(Writer& out, const kafka::OwnedTasks& tasks) {
  write(out, tasks.active);
  write(out, tasks.standby);
}

kafka::OwnedTasks read_owned(Reader& in) {
  kafka::TaskSet active = read_tasks(in);
  return {.active = std::move(active), .standby = read_tasks(in)};
}

// The user data ends the envelope.
void append_user_data(ByteBuffer& out, const ByteBuffer& data) {
  Writer{out}.old_count(data.size());
  out.append(Bytes{data});
}

Bytes user_data(Reader& in) {
  const std::int32_t size = in.int32();
  const Bytes data = in.rest();
  // Newer envelopes have more fields behind it.
  if (size < 0 || static_cast<std::size_t>(size) > data.size()) {
    throw DecodeError{"there is no user data"};
  }
  return data.first(static_cast<std::size_t>(size));
}

void expect_version(Reader& in) {
  const std::int16_t version = in.int16();
  if (version != data_version) {
    throw DecodeError{"its version is " + std::to_string(version) + ", and " +
                      std::to_string(data_version) + " is known here"};
  }
}

std::string text_of(const ByteBuffer& bytes) { return std::string{Bytes{bytes}.text()}; }

Status unreadable(std::string_view what, const DecodeError& error) {
  return Status::permanent(ErrorCode::invalid_request,
                           "the " + std::string{what} + " cannot be read (" + error.what() + ")");
}

SubscriptionData read_subscription(Bytes bytes) {
  Reader envelope{bytes};
  SubscriptionData data;
  if (envelope.int16() < 0) throw DecodeError{"the envelope has a negative version"};
  for (std::size_t left = envelope.old_count(smallest_text); left > 0; --left) {
    data.topics.push_back(envelope.old_string());
  }
  Reader in{user_data(envelope)};
  expect_version(in);
  data.process_id = in.string();
  data.nonce = in.int64();
  data.topology = static_cast<std::uint64_t>(in.int64());
  data.asks_for_shutdown = in.boolean();
  data.owned = read_owned(in);
  data.stored = read_tasks(in);
  in.expect_end();
  return data;
}

AssignmentData read_assignment(Bytes bytes) {
  Reader envelope{bytes};
  AssignmentData data;
  if (envelope.int16() < 0) throw DecodeError{"the envelope has a negative version"};
  for (std::size_t topics = envelope.old_count(smallest_text); topics > 0; --topics) {
    std::vector<PartitionId>& partitions = data.partitions[envelope.old_string()];
    for (std::size_t left = envelope.old_count(sizeof(std::int32_t)); left > 0; --left) {
      partitions.emplace_back(envelope.int32());
    }
  }
  Reader in{user_data(envelope)};
  expect_version(in);
  const std::int8_t verdict = in.int8();
  if (verdict < 0 || verdict > static_cast<std::int8_t>(AssignmentData::Verdict::not_yet)) {
    throw DecodeError{"verdict " + std::to_string(verdict) + " is not known here"};
  }
  data.verdict = static_cast<AssignmentData::Verdict>(verdict);
  data.nonce = in.int64();
  data.topology = static_cast<std::uint64_t>(in.int64());
  data.shutdown_requested = in.boolean();
  data.tasks = read_owned(in);
  data.detail = in.string();
  in.expect_end();
  return data;
}

}  // namespace

std::string encode(const SubscriptionData& data) {
  ByteBuffer ours;
  Writer out{ours};
  out.int16(data_version);
  out.string(data.process_id);
  out.int64(data.nonce);
  out.int64(static_cast<std::int64_t>(data.topology));
  out.boolean(data.asks_for_shutdown);
  write(out, data.owned);
  write(out, data.stored);

  ByteBuffer bytes;
  Writer envelope{bytes};
  envelope.int16(envelope_version);
  envelope.old_count(data.topics.size());
  for (const std::string& topic : data.topics) envelope.old_string(topic);
  append_user_data(bytes, ours);
  return text_of(bytes);
}

std::string encode(const AssignmentData& data) {
  ByteBuffer ours;
  Writer out{ours};
  out.int16(data_version);
  out.int8(static_cast<std::int8_t>(data.verdict));
  out.int64(data.nonce);
  out.int64(static_cast<std::int64_t>(data.topology));
  out.boolean(data.shutdown_requested);
  write(out, data.tasks);
  out.string(data.detail);

  ByteBuffer bytes;
  Writer envelope{bytes};
  envelope.int16(envelope_version);
  envelope.old_count(data.partitions.size());
  for (const auto& [topic, partitions] : data.partitions) {
    envelope.old_string(topic);
    envelope.old_count(partitions.size());
    for (const PartitionId partition : partitions) envelope.int32(partition.value());
  }
  append_user_data(bytes, ours);
  return text_of(bytes);
}

Result<SubscriptionData> decode_subscription(Bytes bytes) {
  try {
    return read_subscription(bytes);
  } catch (const DecodeError& error) {
    return unreadable("subscription", error);
  }
}

Result<AssignmentData> decode_assignment(Bytes bytes) {
  try {
    return read_assignment(bytes);
  } catch (const DecodeError& error) {
    return unreadable("assignment", error);
  }
}

std::uint64_t topology_digest(const kafka::Subscription& subscription) {
  kafka::wire::StreamsGroupHeartbeatRequest carrier;
  carrier.topology = to_wire(subscription);
  ByteBuffer bytes;
  encode(carrier, bytes);
  std::uint64_t digest = 0xcbf29ce484222325;  // FNV-1a
  for (const char each : Bytes{bytes}.text()) {
    digest = (digest ^ static_cast<unsigned char>(each)) * 0x100000001b3;
  }
  return digest;
}

}  // namespace moldau::inline v0::membership::classic
