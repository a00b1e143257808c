#include "kafka/secrets.h"

#include <gtest/gtest.h>

namespace moldau::inline v0::kafka {
namespace {

TEST(Secrets, PasswordsKeysAndTokensAreSecrets) {
  for (const char* name : {"sasl.password", "ssl.key.password", "ssl.key.pem",
                           "consumer.ssl.key.pem", "sasl.oauthbearer.client.secret",
                           "ssl.keystore.password", "sasl.jaas.config", "app.db.password"}) {
    EXPECT_TRUE(is_secret(name)) << name;
    EXPECT_EQ(shown(name, "canary"), "(not shown)");
  }
}

TEST(Secrets, NamesAndPathsAreNone) {
  for (const char* name : {"sasl.username", "ssl.key.location", "ssl.ca.location", "client.id"}) {
    EXPECT_FALSE(is_secret(name)) << name;
    EXPECT_EQ(shown(name, "value"), "\"value\"");
  }
}

TEST(Secrets, AreTakenOutOfTheTextsOfOthers) {
  const SecretValues secrets{{{"sasl.username", "someone"},
                              {"sasl.password", "pencil"},
                              {"ssl.key.password", "pencil case"},
                              {"enable.sasl.oauthbearer.unsecure.jwt", "true"},
                              {"consumer.sasl.password", "abc"}}};

  EXPECT_EQ(secrets.hide("someone has a pencil case, a pencil and a true abc"),
            "someone has a (not shown), a (not shown) and a true abc");
  EXPECT_EQ(SecretValues{}.hide("pencil"), "pencil");
}

TEST(Secrets, MayBeNamedByTheUser) {
  const ClientSettings settings{{"secret.settings", "ssl.ca.location, sasl.username"},
                                {"ssl.ca.location", "canary"},
                                {"client.id", "visible"}};

  EXPECT_TRUE(is_secret("ssl.ca.location", settings));
  EXPECT_TRUE(is_secret("sasl.username", settings));
  EXPECT_TRUE(is_secret("sasl.password", settings));
  for (const char* name : {"client.id", "sasl", "", " sasl.username"}) {
    EXPECT_FALSE(is_secret(name, settings)) << name;
  }
  EXPECT_EQ(SecretValues{settings}.hide("canary visible"), "(not shown) visible");
  EXPECT_EQ(SecretValues{settings}.hide("ssl.ca.location, sasl.username"),
            "ssl.ca.location, sasl.username");
}

}  // namespace
}  // namespace moldau::inline v0::kafka
