#include "moldau/base/error.h"
#include "moldau/state/stores.h"

#include <string_view>

namespace moldau::inline v0::state {

namespace {

[[noreturn]] void refuse(const std::string& store, const std::string& why) {
  throw TopologyError("store \"" + store + "\" " + why);
}

std::string in_milliseconds(std::chrono::milliseconds length) {
  return std::to_string(length.count()) + " ms";
}

void check_not_negative(const StoreSpec& spec, std::string_view what,
                        std::chrono::milliseconds length) {
  if (length.count() >= 0) return;
  refuse(spec.name, "has a " + std::string{what} + " of " + in_milliseconds(length) +
                        ": it cannot be less than 0");
}

void check_windows(const StoreSpec& spec) {
  check_not_negative(spec, "retention", spec.retention);
  check_not_negative(spec, "window size", spec.window_size);
  if (spec.retention < spec.window_size) {
    refuse(spec.name, "keeps windows of " + in_milliseconds(spec.window_size) + " for " +
                          in_milliseconds(spec.retention) +
                          ": the retention must be at least the window size");
  }
}

}  // namespace

void check_segment_interval(const std::string& store, std::chrono::milliseconds interval) {
  if (interval.count() > 0) return;
  refuse(store, "has segments of " + in_milliseconds(interval) + ": they must be longer than 0");
}

void check_max_entries(const std::string& store, std::size_t max_entries) {
  if (max_entries == 0) refuse(store, "keeps the 0 entries used last: let it keep one or more");
}

ValueLayout layout_with_headers(const StoreSpec& spec) {
  if (spec.layout == ValueLayout::timestamped) return ValueLayout::headers;
  if (spec.kind == StoreKind::session) return ValueLayout::headers_untimed;
  refuse(spec.name,
         "is to keep headers, which only timestamped and session stores do: leave .headers out, or "
         "describe it by a function for timestamped stores");
}

void check_serdes(const std::string& store, bool key_missing, bool value_missing) {
  if (!key_missing && !value_missing) return;
  const std::string what = key_missing ? "key" : "value";
  refuse(store, "has no serde for its " + what + "s: specialise moldau::Serde for their type, or " +
                    "give a serde instance as ." + what + "_serde");
}

void check_shape(const StoreSpec& spec) {
  switch (spec.kind) {
    case StoreKind::window:
      return check_windows(spec);
    case StoreKind::session:
      return check_not_negative(spec, "retention", spec.retention);
    case StoreKind::versioned:
      return check_not_negative(spec, "history", spec.retention);
    case StoreKind::key_value:
    case StoreKind::buffer:
      return;
  }
}

}  // namespace moldau::inline v0::state
