#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/processor/processing_context.h"
#include "moldau/record/record.h"

#include <string_view>

namespace moldau::inline v0 {

// The context of a Processor: what every processor may ask (ProcessingContext), and the way on for
// its records.
template <class KOut, class VOut>
class ProcessorContext : public ProcessingContext {
 public:
  // Hands the record to all children, in the order they were added: returns when everything below
  // has processed it. Throws StreamsError outside process() and punctuators.
  void forward(const Record<KOut, VOut>& record) {
    check_may_forward();
    hand_on(record);
  }
  // To one child. Throws StreamsError if there is none of that name. Compares names at each call.
  void forward(const Record<KOut, VOut>& record, std::string_view child) {
    check_may_forward();
    hand_on(record, child);
  }
  // A new record without headers: what punctuators mostly need.
  void forward(const KOut& key, const VOut& value, Timestamp timestamp) {
    forward(Record<KOut, VOut>{&key, &value, timestamp, no_headers()});
  }

 private:
  virtual void hand_on(const Record<KOut, VOut>& record) = 0;
  virtual void hand_on(const Record<KOut, VOut>& record, std::string_view child) = 0;
};

}  // namespace moldau::inline v0
