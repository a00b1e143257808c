#include "moldau/state/store_handle.h"

#include "moldau/base/error.h"
#include "moldau/state/store_iterator.h"

#include "state/open_iterators.h"

#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

struct KindName {
  const char* plain;
  const char* timestamped;
};

KindName name_of(StoreKind kind) {
  switch (kind) {
    case StoreKind::key_value:
      return {"key_value_store", "timestamped_key_value_store"};
    case StoreKind::window:
      return {"window_store", "timestamped_window_store"};
    case StoreKind::session:
      return {"session_store", "session_store"};
    case StoreKind::versioned:
      return {"versioned_key_value_store", "versioned_key_value_store"};
    case StoreKind::buffer:
      break;
  }
  return {"", ""};
}

// The handle that such a store is opened with; empty if there is none.
std::string handle_of(StoreKind kind, bool timestamped) {
  const KindName name = name_of(kind);
  return timestamped ? name.timestamped : name.plain;
}

// Whether the values of such a store show their times.
bool timestamped(const StoreSpec& spec) {
  const bool can = spec.kind == StoreKind::key_value || spec.kind == StoreKind::window;
  return can && spec.layout != ValueLayout::plain;
}

[[noreturn]] void refuse_kind(std::string_view store, const std::string& asked,
                              const std::string& right) {
  throw TopologyError("store \"" + std::string{store} + "\" is opened by " + asked + "(), " +
                      (right.empty() ? "but it is a buffer of the library's own, which nobody opens"
                                     : "but it is one for " + right + "()"));
}

}  // namespace

StoreHandle::StoreHandle(StateStore& store, HandleKind kind, const WriteContext& writer)
    : store_(dynamic_cast<KeyValueBytesStore*>(&store)), writer_(&writer) {
  const std::string asked = handle_of(kind.kind, kind.timestamped);
  if (store_ == nullptr || store_->spec().lists) refuse_kind(store.name(), asked, "");
  const StoreSpec& spec = store_->spec();
  if (spec.kind != kind.kind || timestamped(spec) != kind.timestamped) {
    refuse_kind(store.name(), asked, handle_of(spec.kind, timestamped(spec)));
  }
}

void StoreHandle::refuse_empty() {
  throw StreamsError(
      "a store is used by a handle that was not opened: open it in init(), by the context's "
      "function for that kind of store");
}

void StoreHandle::refuse_null_key() const {
  throw NullAccess("store \"" + std::string{name()} +
                   "\" is asked for a key that stands for null: keys of stores are never null");
}

void StoreHandle::refuse_duplicates() const {
  throw StreamsError("store \"" + std::string{name()} +
                     "\" retains duplicates, so a window may have several values: fetch a span of "
                     "time, and go over what it gives");
}

IteratorLife StoreHandle::new_iterator() const {
  return {*writer_, name(), store().open_iterators()};
}

void IteratorLife::opened() { number_ = open_->opened(); }

void IteratorLife::closed() noexcept { std::exchange(open_, nullptr)->closed(number_); }

void IteratorLife::refuse() const {
  throw StreamsError("an iterator of store \"" + std::string{store_} + "\" is used after it was " +
                     (writer_ == nullptr
                          ? "closed or moved from"
                          : "made by another call: it ends with the call of process() or of the "
                            "punctuator that made it"));
}

void refuse_behind_last() {
  throw StreamsError(
      "an iterator of a store is read behind its last entry: ask valid() before each entry");
}

}  // namespace moldau::inline v0::state
