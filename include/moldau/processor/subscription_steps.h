#pragma once

#include "moldau/export.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/joiners.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace moldau::inline v0::processor {

// What a row of the left table says of its foreign key.
enum class ForeignKeyState : std::uint8_t { no_row, no_key, key };

// One message to the foreign side: to the foreign key of the row before, or of the row now.
struct SubscriptionStep {
  bool to_key_before;
  SubscriptionInstruction instruction;

  friend bool operator==(const SubscriptionStep&, const SubscriptionStep&) = default;
};

struct SubscriptionSteps {
  std::array<SubscriptionStep, 2> steps = {};
  std::size_t count = 0;
  bool dropped = false;  // the row takes no part in the join: it counts as dropped

  [[nodiscard]] const SubscriptionStep* begin() const noexcept { return steps.data(); }
  [[nodiscard]] const SubscriptionStep* end() const noexcept { return steps.data() + count; }
};

// What a change of the left table has the foreign side do. `same_key`: before and now have the same
// foreign key, byte for byte. Kinds: inner and left.
//
// An inner join says nothing of rows that did not join before and do not now, so it asks for an
// answer without a foreign row only if the result may have to be deleted. A left join has a result
// for each row, so it asks in any case; with no foreign key it still asks, because answers come in
// the order of the questions.
[[nodiscard]] MOLDAU_EXPORT SubscriptionSteps subscription_steps(JoinKind kind,
                                                                 ForeignKeyState before,
                                                                 ForeignKeyState now,
                                                                 bool same_key) noexcept;

}  // namespace moldau::inline v0::processor
