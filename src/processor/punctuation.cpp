#include "moldau/processor/punctuation.h"

#include "moldau/processor/task_context.h"

namespace moldau::inline v0 {

void Cancellable::cancel() {
  if (task_ != nullptr) task_->cancel_punctuation(id_);
}

}  // namespace moldau::inline v0
