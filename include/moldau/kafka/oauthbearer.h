#pragma once

#include "moldau/base/timestamp.h"

#include <functional>
#include <map>
#include <string>

namespace moldau::inline v0::kafka {

// A token of SASL OAUTHBEARER, as an identity provider issues it.
struct OAuthBearerToken {
  std::string value;      // a JWT in its compact form, sent as it is
  Timestamp expires_at;   // a new one is asked for in time before that
  std::string principal;  // who it is for: `sub` of a JWT. Must not be empty; only for messages
  std::map<std::string, std::string> extensions = {};  // of SASL, sent beside the token
};

// Gives a token that is valid now; may be asked often, so keep the token while it is valid. Throws
// an exception derived from std::exception if there is none: its text is logged, so it must not
// contain the secret, and the connection is tried again later. Called from several threads of the
// library and of librdkafka, also at the same time; may take its time, at most a few seconds.
using OAuthBearerTokenProvider = std::function<OAuthBearerToken()>;

}  // namespace moldau::inline v0::kafka
