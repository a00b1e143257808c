#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/oauthbearer.h"

#include "kafka/rdkafka/handles.h"

namespace moldau::inline v0::kafka::rdkafka {

// SASL OAUTHBEARER: librdkafka asks for tokens by a callback, which here runs on a thread of its
// own. Otherwise a call that waits for a broker would keep it from having the token it needs.

using RefreshCallback = void (*)(rd_kafka_t* rk, const char* config, void* opaque);
void prepare_token_refresh(rd_kafka_conf_t* conf, RefreshCallback refresh);

// After the client was made of a prepared configuration: starts the thread.
Status start_token_refresh(rd_kafka_t* rk);

[[nodiscard]] bool uses_tokens(const rd_kafka_conf_t* conf);

// Gives librdkafka a token, or why there is none; it asks again then. From the callback.
void refresh_token(rd_kafka_t* rk, const OAuthBearerTokenProvider& tokens);

}  // namespace moldau::inline v0::kafka::rdkafka
