#include "kafka/memory/faults.h"

namespace moldau::inline v0::kafka::memory {

void Faults::refuse_next(Call call, Status status, std::size_t times) {
  if (times > 0) refusals_[call].emplace_back(std::move(status), times);
}

void Faults::drop_next_answer(Call call, std::size_t times) { dropped_[call] += times; }

void Faults::clear() {
  refusals_.clear();
  dropped_.clear();
}

Status Faults::take_refusal(Call call) {
  if (refusals_.empty()) return {};
  const auto planned = refusals_.find(call);
  if (planned == refusals_.end()) return {};
  auto& [status, times] = planned->second.front();
  Status refusal = status;
  if (--times == 0) planned->second.erase(planned->second.begin());
  if (planned->second.empty()) refusals_.erase(planned);
  return refusal;
}

bool Faults::take_dropped_answer(Call call) {
  if (dropped_.empty()) return false;
  const auto planned = dropped_.find(call);
  if (planned == dropped_.end()) return false;
  if (--planned->second == 0) dropped_.erase(planned);
  return true;
}

}  // namespace moldau::inline v0::kafka::memory
