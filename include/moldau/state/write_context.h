#pragma once

#include "moldau/export.h"
#include "moldau/record/record_metadata.h"

namespace moldau::inline v0::state {

// Tells a store handle on whose behalf it writes: the record that its processor is processing.
class MOLDAU_EXPORT WriteContext {
 public:
  [[nodiscard]] virtual RecordContext current() const = 0;

 protected:
  ~WriteContext();
};

}  // namespace moldau::inline v0::state
