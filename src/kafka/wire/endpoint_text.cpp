#include "kafka/wire/endpoint_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

constexpr std::uint16_t default_port = 9092;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Status malformed(std::string_view entry, std::string_view why) {
  return Status::permanent(
      ErrorCode::invalid_request,
      "bootstrap.servers: \"" + std::string{entry} + "\": " + std::string{why});
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// The host, and the text behind it: empty, or `:port`.
std::optional<std::pair<std::string_view, std::string_view>> split_host(std::string_view address) {
  if (address.starts_with('[')) {
    const std::size_t bracket = address.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    return std::pair{address.substr(1, bracket - 1), address.substr(bracket + 1)};
  }
  const std::size_t colon = std::min(address.find(':'), address.size());
  return std::pair{address.substr(0, colon), address.substr(colon)};
}

// Whether it can be a name or an address, and not what stands around one.
bool is_host(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) {
    return c <= ' ' || c == 0x7f || c == '/' || c == '[' || c == ']';
  });
}

Result<Endpoint> parse_endpoint(std::string_view entry) {
  std::string_view address = entry;
  if (const std::size_t scheme = entry.find("://"); scheme != std::string_view::npos) {
    if (!equal_ignoring_case(entry.substr(0, scheme), "PLAINTEXT")) {
      return malformed(entry, "only PLAINTEXT:// can stand in front of an address");
    }
    address.remove_prefix(scheme + 3);
  }
  const auto parts = split_host(address);
  if (!parts) return malformed(entry, "a closing bracket is missing");
  const auto [host, rest] = *parts;
  if (host.empty()) return malformed(entry, "the host is missing");
  if (!is_host(host)) return malformed(entry, "the host holds a character that no host has");
  if (rest.empty()) return Endpoint{.host = std::string{host}, .port = default_port};
  const auto port = rest.starts_with(':') ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) {
    return malformed(entry,
                     "host:port was expected, the port from 1 to 65535, an IPv6 address in [ ]");
  }
  return Endpoint{.host = std::string{host}, .port = *port};
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
  const bool brackets = endpoint.host.find(':') != std::string::npos;
  return (brackets ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
         std::to_string(endpoint.port);
}

Result<std::vector<Endpoint>> parse_bootstrap_servers(std::string_view text) {
  std::vector<Endpoint> servers;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view entry = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (entry.empty()) continue;
    Result<Endpoint> server = parse_endpoint(entry);
    if (!server.ok()) return server.error();
    servers.push_back(*std::move(server));
  }
  if (servers.empty()) {
    return Status::permanent(ErrorCode::invalid_request,
                             "bootstrap.servers names no broker: host:port was expected");
  }
  return servers;
}

}  // namespace moldau::inline v0::kafka::wire
