#include "dsl/store_specs.h"

namespace moldau::inline v0::dsl {

state::StoreSpec make_store_spec(const StoreOptions& options, topology::NameGenerator& names,
                                 std::string_view prefix) {
  const bool named = !options.name.empty();
  if (named) topology::check_name("store", options.name);
  return {.name = named ? options.name : names.next_store(prefix),
          .type = options.type,
          .layout = state::ValueLayout::timestamped,
          .caching = options.caching,
          .logging = options.logging,
          .changelog_config = options.changelog_config,
          .explicitly_named = named};
}

}  // namespace moldau::inline v0::dsl
