#include "schema_registry/caching_registry.h"

#include "moldau/testing/manual_clock.h"

#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace moldau::schema_registry {
namespace {

using ::moldau::testing::ManualClock;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

// A registry in memory that counts what it is asked.
class CountedRegistry final : public SchemaRegistry {
 public:
  explicit CountedRegistry(int& asked) : asked_(asked) {}

  SchemaId add(const std::string& subject, const SchemaDefinition& schema,
               Options options) override {
    ++asked_;
    return below_->add(subject, schema, options);
  }
  Registered find(const std::string& subject, const SchemaDefinition& schema,
                  Options options) override {
    ++asked_;
    return below_->find(subject, schema, options);
  }
  std::shared_ptr<const SchemaDefinition> schema(SchemaId id) override {
    ++asked_;
    return below_->schema(id);
  }
  std::shared_ptr<const SchemaDefinition> schema(const std::string& subject,
                                                 SchemaVersion version) override {
    ++asked_;
    return below_->schema(subject, version);
  }

 private:
  int& asked_;
  std::shared_ptr<SchemaRegistry> below_ = make_memory_schema_registry();
};

class Caching : public ::testing::Test {
 protected:
  int asked_ = 0;
  ManualClock clock_;
  CachingRegistry registry_{std::make_unique<CountedRegistry>(asked_), clock_, 30s};
  SchemaDefinition text_{SchemaType::avro, R"("string")"};
};

TEST_F(Caching, AsksOnceForEachSubjectAndSchema) {
  const SchemaId id = registry_.add("a", text_, {});

  EXPECT_EQ(registry_.add("a", text_, {}), id);
  EXPECT_EQ(asked_, 1);
  static_cast<void>(registry_.add("b", text_, {}));
  static_cast<void>(registry_.add("a", {SchemaType::avro, R"("int")"}, {}));
  static_cast<void>(registry_.add("a", text_, {.normalize = true}));
  static_cast<void>(registry_.add("a", {SchemaType::avro, R"("string")", {{"n", "s", {}}}}, {}));
  EXPECT_EQ(asked_, 5);
}

TEST_F(Caching, AsksOnceForEachIdAndVersion) {
  const SchemaId id = registry_.add("a", text_, {});
  asked_ = 0;

  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(*registry_.schema(id), text_);
    EXPECT_EQ(*registry_.schema("a", SchemaVersion{1}), text_);
    EXPECT_EQ(registry_.find("a", text_, {}).version, SchemaVersion{1});
  }

  EXPECT_EQ(asked_, 3);
}

TEST_F(Caching, RemembersUnknownIdsForAWhile) {
  const auto ask = [&] {
    return failure_of<SerdeError>([&] { static_cast<void>(registry_.schema(SchemaId{1})); });
  };

  EXPECT_THAT(ask(), HasSubstr("id 1"));
  clock_.advance(29s);
  EXPECT_THAT(ask(), HasSubstr("id 1"));
  EXPECT_EQ(asked_, 1);
  clock_.advance(1s);
  static_cast<void>(registry_.add("a", text_, {}));
  EXPECT_EQ(ask(), "nothing thrown");
}

TEST_F(Caching, DoesNotRememberWhatASubjectLacked) {
  EXPECT_THROW(static_cast<void>(registry_.find("a", text_, {})), SchemaRegistryError);
  static_cast<void>(registry_.add("a", text_, {}));

  EXPECT_EQ(registry_.find("a", text_, {}).id, SchemaId{1});
}

TEST_F(Caching, OneOfSeveralThreadsAsks) {
  static_cast<void>(registry_.add("a", text_, {}));
  asked_ = 0;
  std::vector<std::thread> threads;

  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] { EXPECT_EQ(*registry_.schema(SchemaId{1}), text_); });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(asked_, 1);
}

}  // namespace
}  // namespace moldau::schema_registry
