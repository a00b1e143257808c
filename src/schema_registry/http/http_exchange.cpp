#include "schema_registry/http/http_exchange.h"

#include <httplib.h>

#include <algorithm>
#include <thread>
#include <utility>

#if !defined(CPPHTTPLIB_OPENSSL_SUPPORT)
#error "a registry may be behind https: build cpp-httplib with OpenSSL"
#endif

namespace moldau::inline v0::schema_registry {

namespace {

constexpr const char* content_type = "application/vnd.schemaregistry.v1+json";
constexpr const char* accepted =
    "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json";

void check(const SchemaRegistryOptions& options, std::vector<std::string>& problems) {
  if (!options.user.empty() && !options.bearer_token.empty()) {
    problems.emplace_back("both a user and a bearer token are set; set one of them");
  }
  if (options.user.empty() && !options.password.empty()) {
    problems.emplace_back("a password is set, but no user");
  }
  if (options.certificate_file.empty() != options.key_file.empty()) {
    problems.emplace_back("of certificate_file and key_file only one is set; set both or neither");
  }
  if (options.timeout.count() <= 0) problems.emplace_back("timeout: expected more than 0 ms");
  if (options.retries < 0) problems.emplace_back("retries: expected 0 or more");
  if (options.backoff.count() < 0 || options.max_backoff < options.backoff) {
    problems.emplace_back("backoff: expected 0 <= backoff <= max_backoff");
  }
}

bool passes_by_itself(int status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace

HttpExchange::HttpExchange(const std::vector<std::string>& urls, SchemaRegistryOptions options)
    : options_(std::move(options)), random_(make_system_random()) {
  std::vector<std::string> problems;
  if (urls.empty()) problems.emplace_back("no URL; expected one like http://host:8081");
  for (const std::string& url : urls) urls_.push_back(read_registry_url(url, problems));
  check(options_, problems);
  if (problems.empty()) return;
  std::string message = "schema registry:";
  for (const std::string& problem : problems) message += "\n  " + problem;
  throw ConfigError(message);
}

HttpAnswer HttpExchange::send(const HttpRequest& request) {
  std::string failures;
  std::chrono::milliseconds pause = options_.backoff;
  for (int tries = 0; tries <= options_.retries; ++tries) {
    if (tries > 0) {
      wait(pause);
      pause = std::min(pause * 2, options_.max_backoff);
    }
    failures.clear();  // the last of each URL is told
    for (std::size_t i = 0; i < urls_.size(); ++i) {
      const std::size_t index = (first_ + i) % urls_.size();
      Attempt attempt = try_once(urls_[index], request);
      if (attempt.answer) {
        first_ = index;
        return *std::move(attempt.answer);
      }
      failures += "\n  " + urls_[index].origin + urls_[index].path + ": " + attempt.failure;
    }
  }
  throw SchemaRegistryError(
      "schema registry: no answer to " + std::string{request.body ? "POST " : "GET "} +
      request.path + " after " + std::to_string(options_.retries + 1) +
      " tries; check that the registry runs and that this machine may connect to it:" + failures);
}

HttpExchange::Attempt HttpExchange::try_once(const RegistryUrl& url,
                                             const HttpRequest& request) const {
  httplib::Client client{url.origin, options_.certificate_file, options_.key_file};
  if (!client.is_valid()) return {{}, "the certificate or key file cannot be used"};
  client.set_connection_timeout(options_.timeout);
  client.set_read_timeout(options_.timeout);
  client.set_write_timeout(options_.timeout);
  client.set_url_encode(false);  // subjects are encoded already
  if (!options_.ca_file.empty()) client.set_ca_cert_path(options_.ca_file);
  if (!options_.user.empty()) client.set_basic_auth(options_.user, options_.password);
  if (!options_.bearer_token.empty()) client.set_bearer_token_auth(options_.bearer_token);

  const httplib::Headers headers = {{"Accept", accepted}};
  const std::string path = url.path + request.path;
  const httplib::Result result = request.body
                                     ? client.Post(path, headers, *request.body, content_type)
                                     : client.Get(path, headers);
  if (!result) return {{}, "no answer (" + httplib::to_string(result.error()) + ")"};
  if (passes_by_itself(result->status)) {
    return {{}, "HTTP status " + std::to_string(result->status)};
  }
  return {HttpAnswer{result->status, result->body, url.origin + url.path}, {}};
}

void HttpExchange::wait(std::chrono::milliseconds pause) {
  const auto spread = static_cast<std::uint64_t>(pause.count() * 2 / 5);
  const auto moved = spread == 0 ? 0 : static_cast<std::int64_t>(random_->next() % (spread + 1));
  std::this_thread::sleep_for(pause - pause / 5 + std::chrono::milliseconds{moved});
}

}  // namespace moldau::inline v0::schema_registry
