#pragma once

#include "moldau/kafka/clients.h"
#include "moldau/kafka/values.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::streams {

// One client setting of Java's clients and what it is here.
struct ClientSetting {
  enum class How : std::uint8_t {
    same_value,    // renamed at most
    bytes_to_kib,  // Java counts bytes, librdkafka KiB
    ours,          // the library's own business: not given to librdkafka
    forced,        // decided by the library: a value is ignored with a warning
    refused,       // cannot be had: `note` says what to do instead
  };
  // Which clients know it: without a prefix it is not given to the others.
  enum class Of : std::uint8_t { all, consumer, producer };

  std::string_view java;
  Of of = Of::all;
  std::string_view rdkafka = {};
  How how = How::same_value;
  std::string_view note = {};
};

// What protects connections and has a name at librdkafka only.
struct SecuritySetting {
  std::string_view name;
  std::string_view meaning;
};

[[nodiscard]] std::span<const ClientSetting> client_settings();
[[nodiscard]] std::span<const SecuritySetting> more_security_settings();
[[nodiscard]] std::vector<std::string_view> client_setting_names();

enum class ClientRole : std::uint8_t {
  main_consumer,
  restore_consumer,
  global_consumer,
  producer,
  admin,
};

// What the `clients` map of a Config comes to for one role.
struct TranslatedSettings {
  kafka::ClientSettings settings;           // librdkafka names
  std::map<std::string, std::string> ours;  // max.poll.records and the like, Java names
  std::vector<std::string> warnings;        // values that are ignored
  std::vector<std::string> problems;        // values that cannot be had
};

using ClientMap = std::map<std::string, std::string>;

[[nodiscard]] TranslatedSettings translate(const ClientMap& clients, ClientRole role);

// The `topic.` entries: configuration of every internal topic.
[[nodiscard]] kafka::TopicConfig topic_settings(const ClientMap& clients);

// True if a key without a known name may stand in a Config: it has a client prefix, or is the name
// of a client setting.
[[nodiscard]] bool is_client_key(std::string_view key);

}  // namespace moldau::inline v0::streams
