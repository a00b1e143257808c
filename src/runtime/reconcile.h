#pragma once

#include "moldau/kafka/values.h"

namespace moldau::inline v0::runtime {

// What has to happen for a thread that runs `owned` to run `target`.
struct ReconcilePlan {
  kafka::TaskSet revoke;  // commit and close, before the group is told
  kafka::TaskSet create;

  friend bool operator==(const ReconcilePlan&, const ReconcilePlan&) = default;
};

// Tasks in both stay as they are: a rebalance does not interrupt them.
[[nodiscard]] ReconcilePlan reconcile(const kafka::TaskSet& owned, const kafka::TaskSet& target);

}  // namespace moldau::inline v0::runtime
