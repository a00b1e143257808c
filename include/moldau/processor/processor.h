#pragma once

#include "moldau/processor/processor_context.h"
#include "moldau/record/record.h"
#include "moldau/serde/void.h"

namespace moldau::inline v0 {

// User code in the middle of a topology: sees every record, keeps state in stores, forwards what it
// likes, when it likes. Derive from it, and give KStream::process() or TopologyBuilder a way to
// make one for each task.
//
// One object a task, used on the task's thread only. An exception from process() or a punctuator
// goes to the processing exception handler; one from init() stops the task.
template <class KIn, class VIn, class KOut = Void, class VOut = Void>
class Processor {
 public:
  using key_in = KIn;
  using value_in = VIn;
  using key_out = KOut;
  using value_out = VOut;
  using Context = ProcessorContext<KOut, VOut>;

  Processor() = default;
  virtual ~Processor() = default;
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;

  // Before the first record, the stores open: the place to open handles of stores and to schedule
  // punctuations. Nothing can be forwarded yet.
  virtual void init(Context& context) { static_cast<void>(context); }
  virtual void process(const Record<KIn, VIn>& record) = 0;
  // After the last record. Nothing can be forwarded any more, and stores are not committed again.
  virtual void close() {}

  // For whoever runs the processor, before init().
  void attach(Context& context) noexcept { context_ = &context; }

 protected:
  // That of init(), from then on.
  [[nodiscard]] Context& context() const noexcept { return *context_; }

 private:
  Context* context_ = nullptr;
};

}  // namespace moldau::inline v0
