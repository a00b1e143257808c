#include "schema_registry/http/registry_url.h"

namespace moldau::inline v0::schema_registry {

namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

RegistryUrl read_registry_url(std::string_view url, std::vector<std::string>& problems) {
  const std::size_t scheme = url.find("://");
  const std::string_view protocol = url.substr(0, scheme == std::string_view::npos ? 0 : scheme);
  const std::size_t host = protocol.size() + 3;
  if (protocol != "http" && protocol != "https") {
    problems.emplace_back(
        "a URL does not begin with http:// or https://; expected one like http://host:8081");
    return {};
  }
  // Anywhere, because a password may have a slash in it.
  if (url.find('@', host) != std::string_view::npos) {
    problems.emplace_back(
        "a URL has a user in it; set SchemaRegistryOptions::user and password instead, because "
        "URLs appear in error messages");
    return {};
  }
  if (url.find_first_of("?#") != std::string_view::npos) {
    problems.emplace_back(
        "a URL has a query or a fragment in it; expected one like http://host:8081/path");
    return {};
  }
  const std::size_t slash = url.find('/', host);
  const std::string_view origin = url.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? "" : url.substr(slash);
  if (origin.size() == host) problems.push_back("no host in " + std::string{url});
  while (path.ends_with('/')) path.remove_suffix(1);
  return {std::string{origin}, std::string{path}};
}

std::string path_segment(std::string_view text) {
  std::string segment;
  for (const char c : text) {
    if (unreserved(c)) {
      segment += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      segment += '%';
      segment += digits[byte >> 4U];
      segment += digits[byte & 0xFU];
    }
  }
  return segment;
}

}  // namespace moldau::inline v0::schema_registry
