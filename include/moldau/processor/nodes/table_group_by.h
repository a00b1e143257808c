#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"
#include "moldau/processor/regrouped_change.h"
#include "moldau/record/change.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace moldau::inline v0::processor {

// group_by() of a table: a row, as it is and as it was, becomes what is added to one group and
// taken from another. Both in one change if the group is the same, otherwise the old one first.
// Pairs without a key or a value belong to no group. History does not count: an out-of-order update
// of a versioned table is left out.
template <class K, class V, class K2, class V2, class F>
class TableGroupByNode final : public ProcessorNode<K, Change<V>, K2, RegroupedChange<V2>> {
 public:
  struct Definition {
    F selector;
  };

  explicit TableGroupByNode(const Definition& definition) : selector_(definition.selector) {}

  void process(const Record<K, Change<V>>& record) override {
    const Change<V>& change = record.value();
    if (!change.latest) return;
    Selected now = select(record.key(), change.now);
    Selected before = select(record.key(), change.before);
    if (now && before && same_group(*now, *before)) {
      put_now(*now);
      put_before(*before);
      send(record, *before);
      return;
    }
    if (before) {
      put_before(*before);
      change_.has_now = false;
      send(record, *before);
    }
    if (now) {
      put_now(*now);
      change_.has_before = false;
      send(record, *now);
    }
  }

 private:
  using Pair = std::remove_cvref_t<CallResult<F, K, V>>;
  using Selected = std::optional<Pair>;

  Selected select(const K& key, const V* value) {
    if (value == nullptr) return std::nullopt;
    Selected pair{call<K, V>(selector_, &key, value)};
    if (absent(pointer_to(key_of(*pair))) || absent(pointer_to(value_of(*pair)))) pair.reset();
    return pair;
  }

  static bool same_group(const Pair& a, const Pair& b) {
    return *pointer_to(key_of(a)) == *pointer_to(key_of(b));
  }

  void put_now(Pair& pair) {
    change_.now = std::move(present(value_in(pair)));
    change_.has_now = true;
  }
  void put_before(Pair& pair) {
    change_.before = std::move(present(value_in(pair)));
    change_.has_before = true;
  }
  static auto& value_in(Pair& pair) {
    if constexpr (requires { pair.second; }) {
      return pair.second;
    } else {
      return pair.value;
    }
  }
  static V2& present(V2& value) noexcept { return value; }
  static V2& present(std::optional<V2>& value) noexcept { return *value; }

  void send(const Record<K, Change<V>>& record, const Pair& pair) const {
    this->forward(Record<K2, RegroupedChange<V2>>{pointer_to(key_of(pair)), &change_,
                                                  record.timestamp(), record.headers()});
  }

  F selector_;
  RegroupedChange<V2> change_;
};

}  // namespace moldau::inline v0::processor
