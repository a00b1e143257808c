#include "schema_registry/http/options_check.h"

#include <fstream>
#include <iterator>

namespace moldau::inline v0::schema_registry {

namespace {

void check_file(const std::string& option, const std::string& path,
                std::vector<std::string>& problems) {
  if (path.empty()) return;
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (text.find("-----BEGIN ") == std::string::npos) {
    problems.push_back(option + ": expected a file in PEM form, found none at " + path);
  } else if (text.find("ENCRYPTED") != std::string::npos) {
    problems.push_back(option + ": the key in " + path +
                       " is encrypted; expected one without a pass phrase, which nobody is there "
                       "to type");
  }
}

}  // namespace

void check_options(const SchemaRegistryOptions& options, std::vector<std::string>& problems) {
  if (!options.user.empty() && !options.bearer_token.empty()) {
    problems.emplace_back("both a user and a bearer token are set; set one of them");
  }
  if (options.user.empty() && !options.password.empty()) {
    problems.emplace_back("a password is set, but no user");
  }
  if (options.certificate_file.empty() != options.key_file.empty()) {
    problems.emplace_back("of certificate_file and key_file only one is set; set both or neither");
  }
  check_file("ca_file", options.ca_file, problems);
  check_file("certificate_file", options.certificate_file, problems);
  check_file("key_file", options.key_file, problems);
  if (options.timeout.count() <= 0) problems.emplace_back("timeout: expected more than 0 ms");
  if (options.retries < 0) problems.emplace_back("retries: expected 0 or more");
  if (options.backoff.count() < 0 || options.max_backoff < options.backoff) {
    problems.emplace_back("backoff: expected 0 <= backoff <= max_backoff");
  }
}

}  // namespace moldau::inline v0::schema_registry
