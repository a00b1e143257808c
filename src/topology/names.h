#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace moldau::inline v0::topology {

// Names of nodes, stores and internal topics: 1 to 249 of the characters [A-Za-z0-9._-], and
// neither
// "." nor "..", because stores become folders and topics. Throws TopologyError saying which name of
// what (`what` is "node", "store" ...) cannot be used and why.
void check_name(std::string_view what, std::string_view name);

// Makes the names of operators and stores that the user did not name. One counter for both; a name
// given by the user uses up a number all the same (interop.md section 3), so that naming one
// operator does not rename the others.
class NameGenerator {
 public:
  // `<prefix><10 digits>`, e.g. KSTREAM-FILTER-0000000003.
  std::string next(std::string_view prefix);
  // The name given, checked, or a generated one.
  std::string next_or(std::string_view given, std::string_view prefix);
  // As next_or(), with `suffix` behind a name that was given.
  std::string next_or(std::string_view given, std::string_view suffix, std::string_view prefix);
  // `<prefix>STATE-STORE-<10 digits>`.
  std::string next_store(std::string_view prefix);

 private:
  std::size_t next_ = 0;
};

// Uses up the numbers of the nodes around a repartition topic that is shared with another operator:
// they would have been those of one of its own.
void use_up_repartition_names(NameGenerator& names);

// True for a prefix that is a generated name of a stream operator, e.g. of an aggregation's store:
// the nodes around a repartition topic of that prefix have generated names too.
[[nodiscard]] bool is_generated_stream_name(std::string_view prefix);

}  // namespace moldau::inline v0::topology
