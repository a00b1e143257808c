#include "moldau/moldau.h"

#include <gtest/gtest.h>

#include <string>

namespace moldau {
namespace {

// What a user's code for an identity provider might look like.
struct Issued {
  std::string jwt;
  std::int64_t expires_ms;
  std::string subject;
};
struct IdentityProvider {
  static Issued token() { return {"a.b.c", 1'000, "app"}; }
};

TEST(SecurityChapter, TokensComeFromCodeOfYours) {
  IdentityProvider provider;
  Config config;

  // [tokens]
  config.oauthbearer_tokens = [&] {
    const Issued issued = provider.token();  // yours
    return kafka::OAuthBearerToken{.value = issued.jwt,
                                   .expires_at = Timestamp{issued.expires_ms},
                                   .principal = issued.subject};
  };
  // [tokens end]

  EXPECT_EQ(config.oauthbearer_tokens().value, "a.b.c");
  EXPECT_EQ(config.oauthbearer_tokens().expires_at, Timestamp{1'000});
}

}  // namespace
}  // namespace moldau
