#pragma once

#include "moldau/base/status.h"
#include "moldau/base/timestamp.h"
#include "moldau/kafka/oauthbearer.h"

#include <string_view>

namespace moldau::inline v0::kafka::wire {

// A JWT without a signature, as librdkafka makes it from `sasl.oauthbearer.config`:
//
//   principal=admin scope=read,write lifeSeconds=600 principalClaimName=sub scopeClaimName=scope
//   extension_name=value
//
// in any order, each but the principal optional. A text that cannot be read is
// ErrorCode::invalid_request, not retriable.
[[nodiscard]] Result<OAuthBearerToken> unsecured_token(std::string_view config, Timestamp now);

}  // namespace moldau::inline v0::kafka::wire
