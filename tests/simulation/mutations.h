#pragma once

#include <string>
#include <vector>

namespace moldau::simulation {

// Mistakes in the protocol that can be made on purpose (MOLDAU_MUTATION).
[[nodiscard]] const std::vector<std::string>& mutations();

// Has the library make this mistake from now on; empty: none. Before any thread of it starts.
// Throws std::invalid_argument with all names if there is none of that name.
void choose_mutation(const std::string& name);

}  // namespace moldau::simulation
