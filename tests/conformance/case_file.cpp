#include "conformance/case_file.h"

#include "moldau/state/value_layout.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace moldau::conformance {

namespace {

using nlohmann::json;
using testing::RawTestRecord;

std::optional<ByteBuffer> bytes(const json& hex) {
  if (hex.is_null()) return std::nullopt;
  const auto& digits = hex.get_ref<const std::string&>();
  if (digits.size() % 2 != 0 || !std::ranges::all_of(digits, absl::ascii_isxdigit))
    throw std::runtime_error("\"" + digits + "\" is not bytes in hex");
  const std::string text = absl::HexStringToBytes(absl::string_view{digits.data(), digits.size()});
  return ByteBuffer{Bytes{std::string_view{text}}};
}

RawTestRecord record(const json& from) {
  RawTestRecord record{.topic = from.at("topic").get<std::string>(),
                       .key = bytes(from.at("key_hex")),
                       .value = bytes(from.at("value_hex")),
                       .timestamp = {},
                       .headers = {}};
  if (!from.at("ts").is_null()) record.timestamp = Timestamp{from.at("ts").get<std::int64_t>()};
  if (from.contains("headers")) {
    for (const json& header : from.at("headers")) {
      record.headers.add(header.at(0).get<std::string>(), bytes(header.at(1)));
    }
  }
  return record;
}

Step step(const json& from) {
  Step step;
  if (from.contains("pipe")) {
    step.pipe = record(from.at("pipe"));
  } else {
    step.advance_wall_clock =
        std::chrono::milliseconds{from.at("advance_wall_clock_ms").get<std::int64_t>()};
  }
  for (const json& expected : from.at("expect")) step.expect.push_back(record(expected));
  step.dropped = from.value("dropped", std::uint64_t{0});
  return step;
}

std::optional<Timestamp> time(const json& entry, const char* field) {
  const auto found = entry.find(field);
  if (found == entry.end() || found->is_null()) return std::nullopt;
  return Timestamp{found->get<std::int64_t>()};
}

StoreDump store(const json& from) {
  StoreDump dump{.kind = from.at("kind").get<std::string>(),
                 .format = from.value("format", std::string{}),
                 .entries = {},
                 .records = from.value("records", std::size_t{0})};
  if (!from.contains("entries")) return dump;
  for (const json& entry : from.at("entries")) {
    StoreDump::Entry& added = dump.entries.emplace_back(StoreDump::Entry{
        *bytes(entry.at("key_hex")), bytes(entry.at("value_hex")), {}, {}, {}, {}, {}});
    added.timestamp = time(entry, "timestamp");
    added.window_start = time(entry, "window_start");
    added.window_end = time(entry, "window_end");
    added.valid_to = time(entry, "valid_to");
    if (entry.contains("headers_hex")) {
      state::decode_headers(*bytes(entry.at("headers_hex")), added.headers);
    }
  }
  return dump;
}

}  // namespace

Case read_case(const std::filesystem::path& file) {
  try {
    std::ifstream in{file};
    const json from = json::parse(in);
    Case out{.file = file.filename().string(),
             .topology = from.at("topology").get<std::string>(),
             .tier = from.at("tier").get<std::string>(),
             .describe = from.at("describe").get<std::string>(),
             .config = from.at("config").get<std::map<std::string, std::string>>(),
             .initial_wall_clock = Timestamp{from.at("initial_wall_clock_ms").get<std::int64_t>()},
             .per_key_topics = from.at("per_key_topics").get<std::vector<std::string>>(),
             .steps = {},
             .stores = {},
             .dropped_total = from.at("dropped_records_total").get<std::uint64_t>()};
    for (const json& recorded : from.at("steps")) out.steps.push_back(step(recorded));
    for (const auto& [name, dump] : from.at("stores_at_end").items()) {
      out.stores.emplace(name, store(dump));
    }
    return out;
  } catch (const std::exception& e) {
    throw std::runtime_error(file.string() + ": not a conformance case: " + e.what());
  }
}

}  // namespace moldau::conformance
