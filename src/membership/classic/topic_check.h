#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/admin.h"
#include "moldau/kafka/values.h"

#include "kafka/topology_topics.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace moldau::inline v0::membership::classic {

// How many partitions topics have, by name; those that do not exist are left out.
using TopicCounts = std::map<std::string, std::int32_t>;

// What the leader of a classic group does for the topics of its topology, as the coordinator does
// for a streams group: finds out how many tasks there are, and makes the internal topics that are
// missing.
//
// A stepper: one call of the admin client at a time. One thread only.
class TopicCheck {
 public:
  struct Outcome {
    kafka::TopologyTopics plan;
    TopicCounts counts;  // of all topics of the topology
  };

  // `admin` must outlive it.
  TopicCheck(kafka::Admin& admin, const kafka::Subscription& subscription);

  // Goes on; nullopt if there is more to do. With missing source topics or a mismatch it has ended
  // without making anything. After a failure it may be stepped on. Blocks at most `timeout`.
  Result<std::optional<Outcome>> step(std::chrono::milliseconds timeout);

  // Only looks: nothing is made.
  Result<TopicCounts> look(std::chrono::milliseconds timeout);

 private:
  Status create(std::chrono::milliseconds timeout);

  kafka::Admin& admin_;
  const kafka::Subscription subscription_;
  std::vector<std::string> names_;
  std::vector<kafka::NewTopic> to_create_;
  std::set<std::string> created_;
};

}  // namespace moldau::inline v0::membership::classic
