#pragma once

#include "moldau/processor/fixed_key_processor.h"
#include "moldau/processor/processing_context.h"

#include <concepts>
#include <optional>

namespace moldau::inline v0 {

// What KTable::transform_values() runs: makes the row of each key from the row above, with stores
// and the task at hand. Derive from it, and give transform_values() a way to make one.
//
// Used on the task's thread only. One object a task sees the changes; if rows that are not kept are
// looked up from below, another one computes them. So keep in stores what a row depends on, not in
// members. An exception from transform() goes to the processing exception handler; one from init()
// stops the task.
template <class K, class VIn, class VOut>
class ValueTransformer {
 public:
  using key_in = K;
  using value_in = VIn;
  using value_out = VOut;
  using Context = ProcessingContext;

  ValueTransformer() = default;
  virtual ~ValueTransformer() = default;
  ValueTransformer(const ValueTransformer&) = delete;
  ValueTransformer& operator=(const ValueTransformer&) = delete;

  // Before the first row, the stores open: the place to open handles of stores and to schedule
  // punctuations.
  virtual void init(Context& context) { static_cast<void>(context); }
  // Returns the new row, std::nullopt if there is none. Also called for rows that are deleted, or
  // that were never there: `row.value_or_null()` is null then. Time and headers are those of the
  // change; of a row that is looked up, its own time (unknown if there is no row), no headers, and
  // context().record_metadata() without a topic. If something below needs to know what rows were,
  // and they are not kept, called for the old row too, right after the new one.
  virtual std::optional<VOut> transform(const FixedKeyRecord<K, VIn>& row) = 0;
  // After the last row.
  virtual void close() {}

  // For whoever runs the transformer, before init().
  void attach(Context& context) noexcept { context_ = &context; }

 protected:
  // That of init(), from then on.
  [[nodiscard]] Context& context() const noexcept { return *context_; }

 private:
  Context* context_ = nullptr;
};

namespace processor {

template <class P>
concept ValueTransformerTypes = requires {
  typename P::key_in;
  typename P::value_in;
  typename P::value_out;
}
&&std::derived_from<
    P, ValueTransformer<typename P::key_in, typename P::value_in, typename P::value_out>>;

}  // namespace processor
}  // namespace moldau::inline v0
