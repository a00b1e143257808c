#include "schema_registry/http/http_exchange.h"

#include "moldau/base/clock.h"

#include "schema_registry/http/broken_pipe_guard.h"
#include "schema_registry/http/options_check.h"

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

// Answers are schemas. Something else that answers at this URL must not fill the memory.
constexpr std::size_t longest_answer = 64U << 20U;

bool passes_by_itself(int status) { return status == 408 || status == 429 || status >= 500; }

std::string reason(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
      return "nobody takes the connection";
    case httplib::Error::Read:
      return "the connection ended, or the time was up, before all of it had come";
    case httplib::Error::Write:
      return "the connection ended while the request was sent";
    case httplib::Error::SSLConnection:
      return "no TLS connection can be made: is it https there?";
    case httplib::Error::SSLServerVerification:
      return "its certificate is not trusted: it is for another host, or signed by no authority in "
             "SchemaRegistryOptions::ca_file (default: the machine's)";
    case httplib::Error::SSLLoadingCerts:
      return "the certificates in SchemaRegistryOptions::ca_file cannot be read";
    default:
      return httplib::to_string(error);
  }
}

// The body of an answer, as far as it is wanted.
class Body {
 public:
  Body(Clock& clock, std::chrono::milliseconds timeout)
      : clock_(clock), timeout_(timeout), until_(clock.steady() + timeout) {}

  // False: enough.
  bool take(const char* data, std::size_t size) {
    if (text_.size() + size > longest_answer) {
      problem_ = "it is longer than " + std::to_string(longest_answer) + " bytes";
    } else if (clock_.steady() > until_) {
      problem_ = "it was not complete after " + std::to_string(timeout_.count()) + " ms";
    }
    if (!problem_.empty()) return false;
    text_.append(data, size);
    return true;
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  Clock& clock_;
  std::chrono::milliseconds timeout_;
  Clock::Steady until_;
  std::string text_;
  std::string problem_;
};

}  // namespace

HttpExchange::HttpExchange(const std::vector<std::string>& urls, SchemaRegistryOptions options)
    : options_(std::move(options)), random_(make_system_random()) {
  std::vector<std::string> problems;
  if (urls.empty()) problems.emplace_back("no URL; expected one like http://host:8081");
  for (const std::string& url : urls) urls_.push_back(read_registry_url(url, problems));
  check_options(options_, problems);
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
  const BrokenPipeGuard guard;  // until the client has closed its connection
  httplib::Client client{url.origin, options_.certificate_file, options_.key_file};
  if (!client.is_valid()) return {{}, "the certificate or key file cannot be used"};
  client.set_connection_timeout(options_.timeout);
  client.set_read_timeout(options_.timeout);
  client.set_write_timeout(options_.timeout);
  client.set_url_encode(false);  // subjects are encoded already
  if (!options_.ca_file.empty()) client.set_ca_cert_path(options_.ca_file);
  if (!options_.user.empty()) client.set_basic_auth(options_.user, options_.password);
  if (!options_.bearer_token.empty()) client.set_bearer_token_auth(options_.bearer_token);

  // Redirects are not followed: the password would go along to whoever is named there.
  client.set_follow_location(false);

  Body body{system_clock(), options_.timeout};
  httplib::Request sent;
  sent.method = request.body ? "POST" : "GET";
  sent.path = url.path + request.path;
  sent.headers = {{"Accept", accepted}};
  if (request.body) {
    sent.headers.emplace("Content-Type", content_type);
    sent.body = *request.body;
  }
  sent.content_receiver = [&body](const char* data, std::size_t size, std::uint64_t,
                                  std::uint64_t) { return body.take(data, size); };
  const httplib::Result result = client.send(sent);
  if (!body.problem().empty()) return {{}, "no answer (" + body.problem() + ")"};
  if (!result) {
    std::string why = reason(result.error());
    // A TLS server says no to a client without a certificate by hanging up.
    const bool hung_up = result.error() == httplib::Error::Read ||
                         result.error() == httplib::Error::Write ||
                         result.error() == httplib::Error::SSLConnection;
    if (hung_up && url.origin.starts_with("https:") && options_.certificate_file.empty()) {
      why += "; does it ask for a certificate (SchemaRegistryOptions::certificate_file)?";
    }
    return {{}, "no answer (" + why + ")"};
  }
  if (passes_by_itself(result->status)) {
    return {{}, "HTTP status " + std::to_string(result->status)};
  }
  return {HttpAnswer{result->status, body.text(), url.origin + url.path,
                     result->get_header_value("Location")},
          {}};
}

void HttpExchange::wait(std::chrono::milliseconds pause) {
  const auto spread = static_cast<std::uint64_t>(pause.count() * 2 / 5);
  const auto moved = spread == 0 ? 0 : static_cast<std::int64_t>(random_->next() % (spread + 1));
  std::this_thread::sleep_for(pause - pause / 5 + std::chrono::milliseconds{moved});
}

}  // namespace moldau::inline v0::schema_registry
