#include "moldau/processor/subscription_steps.h"

namespace moldau::inline v0::processor {

namespace {

using enum ForeignKeyState;
using enum SubscriptionInstruction;

class Steps {
 public:
  void to_key_before(SubscriptionInstruction instruction) { add({true, instruction}); }
  void to_key_now(SubscriptionInstruction instruction) { add({false, instruction}); }
  void drop() { result_.dropped = true; }
  [[nodiscard]] const SubscriptionSteps& result() const { return result_; }

 private:
  void add(SubscriptionStep step) { result_.steps[result_.count++] = step; }
  SubscriptionSteps result_;
};

void plan_inner(Steps& steps, ForeignKeyState before, ForeignKeyState now, bool same_key) {
  if (now == no_key) steps.drop();
  if (now != key) {
    if (before == key) steps.to_key_before(remove_and_answer);
  } else if (before == key && !same_key) {
    steps.to_key_before(remove);
    steps.to_key_now(answer);
  } else {
    steps.to_key_now(answer_if_found);
  }
}

void plan_left(Steps& steps, ForeignKeyState before, ForeignKeyState now, bool same_key) {
  if (before == no_row && now == no_row) return;
  if (before == key && !(now == key && same_key)) steps.to_key_before(remove);
  steps.to_key_now(answer);
}

}  // namespace

SubscriptionSteps subscription_steps(JoinKind kind, ForeignKeyState before, ForeignKeyState now,
                                     bool same_key) noexcept {
  Steps steps;
  if (kind == JoinKind::inner) {
    plan_inner(steps, before, now, same_key);
  } else {
    plan_left(steps, before, now, same_key);
  }
  return steps.result();
}

}  // namespace moldau::inline v0::processor
