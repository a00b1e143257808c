#pragma once

#include "moldau/base/status.h"

#include "kafka/wire/connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// `host:9092`, and `[::1]:9092` for a host with colons.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

// The addresses of a `bootstrap.servers` setting: `host:port` separated by commas, the port 9092 if
// left out, an IPv6 address in brackets, `PLAINTEXT://` in front of it allowed as librdkafka allows
// it. ErrorCode::invalid_request, naming what is wrong, if an entry cannot be read or there is
// none.
[[nodiscard]] Result<std::vector<Endpoint>> parse_bootstrap_servers(std::string_view text);

}  // namespace moldau::inline v0::kafka::wire
