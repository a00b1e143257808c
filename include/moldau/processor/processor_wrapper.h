#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"

#include <functional>
#include <memory>
#include <string_view>

namespace moldau::inline v0 {

// What stands around a processor of one task: sees each record go in, and when it is done. For
// tracing, measuring and injecting faults. Used on the task's thread.
class MOLDAU_EXPORT AroundProcessor {
 public:
  virtual ~AroundProcessor();

  // The processor at work.
  class MOLDAU_EXPORT Work {
   public:
    virtual void operator()() = 0;

   protected:
    ~Work();
  };

  // Called for a record instead of the processor. Calls `work` to have it processed, with all that
  // follows from it, or does not, and then the record ends here. What it throws counts as thrown by
  // the processor.
  virtual void process(Timestamp timestamp, const Headers& headers, Work& work) = 0;
};

// Called for every processor of a new task, those of the library's own operators included, with the
// name of its node. nullptr: nothing stands around that one. Called on stream threads. Costs
// nothing where nothing stands.
using ProcessorWrapper = std::function<std::unique_ptr<AroundProcessor>(std::string_view node)>;

}  // namespace moldau::inline v0
