#include "kafka/wire/transaction_fence.h"

#include "moldau/base/latch.h"

#include "kafka/wire/bootstrap.h"
#include "kafka/wire/errors.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::wire {

TransactionFence::TransactionFence(std::unique_ptr<Connection> connection, Target target,
                                   const Clock& clock)
    : connection_(std::move(connection)),
      target_(std::move(target)),
      clock_(clock),
      channel_(*connection_, clock, target_.client_id),
      asked_at_(clock.steady()) {}

TransactionFence::Progress TransactionFence::advance(std::chrono::milliseconds timeout) {
  const Clock::Steady deadline = clock_.steady() + timeout;
  if (!channel_.is_open() && !connect()) return Progress::given_up;
  for (;;) {
    if (!channel_.is_waiting()) {
      const InitProducerIdRequest request{
          .transactional_id = target_.transactional_id,
          .transaction_timeout_ms = static_cast<std::int32_t>(target_.transaction_timeout.count())};
      asked_at_ = clock_.steady();
      if (!channel_.start(request).ok()) return Progress::given_up;
    }
    const auto left = [&] {
      using std::chrono::milliseconds;
      const auto time = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
      return std::max(time, milliseconds::zero());
    };
    const auto answer = channel_.finish<InitProducerIdRequest>(left());
    if (!answer) return Progress::given_up;
    if (!*answer) {
      return clock_.steady() - asked_at_ < answer_patience ? Progress::not_ended
                                                           : Progress::given_up;
    }
    const std::int16_t code = (*answer)->error_code;
    if (code == error_code::none) return Progress::ended;
    if (code != error_code::concurrent_transactions) return Progress::given_up;
    // Nobody opens it: a pause.
    Latch{}.wait(std::min(look_again_after, left()));
    if (left() == std::chrono::milliseconds::zero()) return Progress::not_ended;
  }
}

bool TransactionFence::connect() {
  if (!open_any(channel_, target_.servers, connect_patience).ok()) return false;
  const Result<Endpoint> coordinator = ask_coordinator(
      channel_, target_.transactional_id, connect_patience, CoordinatorKind::transaction);
  if (!coordinator) return false;
  return *coordinator == channel_.broker() || channel_.open(*coordinator, connect_patience).ok();
}

}  // namespace moldau::inline v0::kafka::wire
