#include "moldau/processor/suppression.h"

#include "moldau/base/error.h"
#include "moldau/processor/node.h"
#include "moldau/processor/processor_metrics.h"

#include "state/suppress_buffer.h"

#include <string>

namespace moldau::inline v0::processor {

void Suppression::open(const Node& node, const std::string& store) {
  TaskContext& context = node.context();
  buffer_ = dynamic_cast<state::SuppressBuffer*>(&context.store(store));
  if (buffer_ == nullptr) {
    throw TopologyError("store \"" + store + "\" is not a buffer of suppress(), which \"" +
                        node.name() + "\" needs");
  }
  node_ = &node;
  emitted_ =
      &ProcessorMetrics{context}.rate_and_total("processor-node", node.name(), "suppression-emit");
  complete_ = context.semantics() == Semantics::complete;
  wait_ = complete_ ? rules_.wait.complete : rules_.wait.reference;
}

Suppression::Input& Suppression::start() {
  input_.key.clear();
  input_.before.clear();
  input_.now.clear();
  input_.has_before = false;
  input_.has_now = false;
  return input_;
}

void Suppression::put(Timestamp due, bool before_is_start, const RecordContext& context) {
  const auto view = [](const ByteBuffer& bytes, bool present) {
    return present ? std::optional<Bytes>{bytes} : std::nullopt;
  };
  const std::optional<Bytes> before = view(input_.before, input_.has_before);
  // What a total started from was never a row, so it is not known below.
  const bool was_no_row = complete_ && before_is_start;
  buffer_->put({.key = input_.key,
                .time = due,
                .prior = was_no_row ? std::nullopt : before,
                .before = before,
                .now = view(input_.now, input_.has_now),
                .context = context});
}

const state::BufferedChange* Suppression::leaving() {
  if (buffer_->empty()) return nullptr;
  leaving_ = buffer_->first();
  if (leaving_.time > buffer_->time() - wait_) {
    if (!over_limit()) return nullptr;
    if (!rules_.emit_early) fail_over_limit();
  }
  if (complete_) leaving_.before = leaving_.prior;
  return &leaving_;
}

void Suppression::leave() { buffer_->remove_first(); }

bool Suppression::over_limit() const {
  return buffer_->records() > rules_.max_records || buffer_->bytes() > rules_.max_bytes;
}

void Suppression::fail_over_limit() const {
  const auto part = [](std::size_t held, std::size_t limit, const char* what) {
    std::string text = std::to_string(held);
    if (limit != std::numeric_limits<std::size_t>::max()) text += " of " + std::to_string(limit);
    return text + what;
  };
  throw StreamsError("\"" + node_->name() + "\" holds back more than its buffer may: " +
                     part(buffer_->records(), rules_.max_records, " changes, ") +
                     part(buffer_->bytes(), rules_.max_bytes, " bytes") +
                     ". Raise the limit, or let the buffer emit early if early results are "
                     "acceptable");
}

ByteBuffer& Suppression::start_lookup() {
  lookup_.clear();
  return lookup_;
}

bool Suppression::held_back(std::optional<Bytes>& prior) const {
  const std::optional<state::BufferedChange> change = buffer_->find(lookup_);
  if (change) prior = change->prior;
  return change.has_value();
}

}  // namespace moldau::inline v0::processor
