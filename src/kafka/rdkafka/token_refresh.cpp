#include "kafka/rdkafka/token_refresh.h"

#include "kafka/rdkafka/errors.h"
#include "kafka/rdkafka/settings.h"

#include <array>
#include <exception>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

bool uses_tokens(const rd_kafka_conf_t* conf) {
  return value_in(conf, "security.protocol").starts_with("sasl") &&
         value_in(conf, "sasl.mechanisms") == "OAUTHBEARER";
}

void prepare_token_refresh(rd_kafka_conf_t* conf, RefreshCallback refresh) {
  rd_kafka_conf_enable_sasl_queue(conf, 1);
  rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, refresh);
}

Status start_token_refresh(rd_kafka_t* rk) {
  const ErrorPtr error{rd_kafka_sasl_background_callbacks_enable(rk)};
  return make_status(error, "starting to refresh tokens");
}

void refresh_token(rd_kafka_t* rk, const OAuthBearerTokenProvider& tokens) {
  OAuthBearerToken token;
  try {
    token = tokens();
  } catch (const std::exception& error) {
    const std::string why = std::string{"the token provider has no token: "} + error.what();
    rd_kafka_oauthbearer_set_token_failure(rk, why.c_str());
    return;
  } catch (...) {
    // Called from C.
    rd_kafka_oauthbearer_set_token_failure(rk, "the token provider threw something unknown");
    return;
  }
  std::vector<const char*> extensions;  // names and values in turn
  for (const auto& [name, value] : token.extensions) {
    extensions.push_back(name.c_str());
    extensions.push_back(value.c_str());
  }
  std::array<char, 512> text{};
  const rd_kafka_resp_err_t error = rd_kafka_oauthbearer_set_token(
      rk, token.value.c_str(), token.expires_at.milliseconds(), token.principal.c_str(),
      extensions.data(), extensions.size(), text.data(), text.size());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_oauthbearer_set_token_failure(rk, text.data());
}

}  // namespace moldau::inline v0::kafka::rdkafka
