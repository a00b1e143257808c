#include "kafka/wire/make_connection.h"

#include "kafka/wire/authenticating_connection.h"
#include "kafka/wire/framed_connection.h"
#include "kafka/wire/security_settings.h"
#include "kafka/wire/tcp_stream.h"
#include "kafka/wire/tls_stream.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return lower;
}

// librdkafka does not mind the case of the values it knows.
std::string value_of(const ClientSettings& settings, const std::string& name,
                     std::string_view fallback) {
  const auto found = settings.find(name);
  return lower_case(found == settings.end() ? fallback : found->second);
}

Status refused(std::string message) {
  return Status::permanent(ErrorCode::invalid_request, std::move(message));
}

Result<AddressFamily> address_family(const ClientSettings& settings) {
  const std::string family = value_of(settings, "broker.address.family", "any");
  if (family == "any") return AddressFamily::any;
  if (family == "v4") return AddressFamily::v4;
  if (family == "v6") return AddressFamily::v6;
  return refused("broker.address.family is \"" + family + "\": any, v4 or v6 was expected");
}

}  // namespace

Result<std::unique_ptr<Connection>> make_connection(const ClientSettings& settings,
                                                    const Clock& clock,
                                                    const OAuthBearerTokenProvider& tokens) {
  Result<SecuritySettings> security = security_settings(settings, tokens);
  if (!security) return security.error();
  const Result<AddressFamily> family = address_family(settings);
  if (!family) return family.error();
  std::unique_ptr<ByteStream> stream = make_tcp_stream(clock, *family);
  if (security->tls) {
    Result<std::shared_ptr<const TlsContext>> context = TlsContext::make(*security->tls);
    if (!context) return context.error();
    stream = make_tls_stream(std::move(stream), *std::move(context), clock);
  }
  std::unique_ptr<Connection> connection =
      std::make_unique<FramedConnection>(std::move(stream), clock);
  if (security->sasl) {
    connection = std::make_unique<AuthenticatingConnection>(std::move(connection),
                                                            *std::move(security->sasl), clock);
  }
  return connection;
}

}  // namespace moldau::inline v0::kafka::wire
