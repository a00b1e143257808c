#pragma once

#include "moldau/base/random.h"
#include "moldau/serde/schema_registry.h"

#include "schema_registry/http/registry_url.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::schema_registry {

struct HttpRequest {
  std::string path;                      // behind that of the URL; begins with a slash
  std::optional<std::string> body = {};  // JSON; a request with a body is a POST, others are GETs
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string url;            // which registry answered
  std::string location = {};  // where a redirect leads
};

// Sends a request to one of several registries, and tries again while that may help. Connections
// are not kept: an application asks a few times in its life.
//
// Used by one thread at a time.
class HttpExchange {
 public:
  // Throws ConfigError for options that contradict each other, and for URLs that are none.
  HttpExchange(const std::vector<std::string>& urls, SchemaRegistryOptions options);

  // The first answer that trying again would not change. Throws SchemaRegistryError if there was
  // none.
  [[nodiscard]] HttpAnswer send(const HttpRequest& request);

 private:
  // An answer, or why there is none.
  struct Attempt {
    std::optional<HttpAnswer> answer;
    std::string failure;
  };

  [[nodiscard]] Attempt try_once(const RegistryUrl& url, const HttpRequest& request) const;
  void wait(std::chrono::milliseconds pause);

  std::vector<RegistryUrl> urls_;
  SchemaRegistryOptions options_;
  std::unique_ptr<Random> random_;
  std::size_t first_ = 0;  // the URL that answered last
};

}  // namespace moldau::inline v0::schema_registry
