// Addresses of brokers and of schema registries.

#include "fuzz/target.h"
#include "kafka/wire/endpoint_text.h"
#include "schema_registry/http/registry_url.h"

#include <vector>

namespace moldau::fuzz {

namespace {

void read_bootstrap_servers(std::string_view text) {
  const auto servers = kafka::wire::parse_bootstrap_servers(text);
  if (!servers) return;
  require(!servers->empty(), "there is a server");
  std::string written;
  for (const kafka::wire::Endpoint& server : *servers) {
    if (!written.empty()) written += ',';
    written += to_string(server);
  }
  const auto again = kafka::wire::parse_bootstrap_servers(written);
  require(again && *again == *servers, "servers are read as they were written");
}

void read_url(std::string_view text) {
  std::vector<std::string> problems;
  const schema_registry::RegistryUrl url = schema_registry::read_registry_url(text, problems);
  if (!problems.empty()) return;
  require(url.path.empty() || (url.path.front() == '/' && url.path.back() != '/'),
          "a path begins with a slash and does not end with one");
  require(schema_registry::read_registry_url(url.origin + url.path, problems) == url &&
              problems.empty(),
          "a URL is read as it was written");
}

}  // namespace

void run(Bytes input) {
  Choices choices{input};
  const std::size_t choice = choices.one_of(2);
  const std::string_view text = choices.rest().text();
  // An address takes 40 bytes, and two in the list.
  const MemoryBound bound{.per_byte = 64};
  const auto read = [&] { choice == 0 ? read_bootstrap_servers(text) : read_url(text); };
  static_cast<void>(understood<Nothing>(choices.rest(), read, bound));
}

}  // namespace moldau::fuzz
