#pragma once

#include "moldau/serde/schema_registry.h"

#include <string>
#include <vector>

namespace moldau::inline v0::schema_registry {

// Adds what is wrong with the options, and with the files that they name, to `problems`.
void check_options(const SchemaRegistryOptions& options, std::vector<std::string>& problems);

}  // namespace moldau::inline v0::schema_registry
