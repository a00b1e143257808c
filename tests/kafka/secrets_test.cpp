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

}  // namespace
}  // namespace moldau::inline v0::kafka
