#include "runtime/reconcile.h"

#include <algorithm>
#include <iterator>

namespace moldau::inline v0::runtime {

ReconcilePlan reconcile(const kafka::TaskSet& owned, const kafka::TaskSet& target) {
  ReconcilePlan plan;
  std::ranges::set_difference(owned, target, std::inserter(plan.revoke, plan.revoke.end()));
  std::ranges::set_difference(target, owned, std::inserter(plan.create, plan.create.end()));
  return plan;
}

}  // namespace moldau::inline v0::runtime
