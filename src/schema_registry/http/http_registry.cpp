#include "schema_registry/http/http_registry.h"

#include "schema_registry/caching_registry.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace moldau::inline v0::schema_registry {

namespace {

// What the registry says beside an HTTP status.
struct Refusal {
  int code = 0;
  std::string message;
};

// Of its message. Some registries put the whole schema into it.
constexpr std::size_t longest_reason = 2000;

// Error codes of the registry's documentation.
constexpr int subject_unknown = 40401;
constexpr int version_unknown = 40402;
constexpr int schema_unknown = 40403;

Refusal read_refusal(const HttpAnswer& answer) {
  const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object()) return {};
  Refusal refusal;
  if (json.contains("error_code") && json["error_code"].is_number_integer()) {
    refusal.code = json["error_code"].get<int>();
  }
  if (json.contains("message") && json["message"].is_string()) {
    refusal.message = json["message"].get<std::string>().substr(0, longest_reason);
  }
  return refusal;
}

// "schema registry http://host:8081: subject \"s\": POST /subjects/s: HTTP status 409: why; advice"
std::string refused(const std::string& what, const HttpRequest& request, const HttpAnswer& answer,
                    const Refusal& refusal, const std::string& advice) {
  std::string message = "schema registry " + answer.url + ": " + what + ": " +
                        (request.body ? "POST " : "GET ") + request.path + ": HTTP status " +
                        std::to_string(answer.status);
  if (refusal.code != 0 && refusal.code != answer.status) {
    message += ", error " + std::to_string(refusal.code);
  }
  if (!refusal.message.empty()) message += ": " + refusal.message;
  return message + "; " + advice;
}

// Without what a query may tell: a redirect to a page for signing in often has secrets there.
std::string without_query(const std::string& url) { return url.substr(0, url.find_first_of("?#")); }

std::string advice_for(const HttpAnswer& answer, int code) {
  const int status = answer.status;
  if (status == 401) return "set SchemaRegistryOptions::user and password, or bearer_token";
  if (status == 403) return "this user may not do that: ask for the right, or use another user";
  if (status == 409) {
    return "the schema is incompatible with earlier versions of the subject: give new fields "
           "defaults, or change the subject's compatibility level";
  }
  if (status == 422) return "the registry takes this for no valid schema";
  if (code == subject_unknown || code == schema_unknown || code == version_unknown) {
    return "register the schema first, or set RegistrySerdeOptions::auto_register";
  }
  if (status >= 300 && status < 400) {
    return "it is redirected to \"" + without_query(answer.location) +
           "\", which is not followed, because credentials would go along; give the URL of the "
           "registry itself";
  }
  if (status == 404)
    return "is this the URL of a schema registry, with the path it is served under?";
  return "the registry answered with something else than a schema";
}

[[noreturn]] void refuse(const std::string& what, const HttpRequest& request,
                         const HttpAnswer& answer) {
  const Refusal refusal = read_refusal(answer);
  throw SchemaRegistryError(
      refused(what, request, answer, refusal, advice_for(answer, refusal.code)));
}

std::string quoted(const std::string& subject) { return "subject \"" + subject + "\""; }

// The answer's JSON, of which `read` takes what it needs; anything missing is a refusal.
template <class Read>
auto read_answer(const std::string& what, const HttpRequest& request, const HttpAnswer& answer,
                 Read read) {
  if (answer.status != 200) refuse(what, request, answer);
  try {
    return read(nlohmann::json::parse(answer.body));
  } catch (const nlohmann::json::exception&) {
    refuse(what, request, answer);
  }
}

std::string body_of(const SchemaDefinition& schema) {
  nlohmann::json json = {{"schema", schema.text}};
  if (schema.type != SchemaType::avro) json["schemaType"] = name(schema.type);
  if (!schema.references.empty()) {
    json["references"] = nlohmann::json::array();
    for (const SchemaReference& reference : schema.references) {
      json["references"].push_back({{"name", reference.name},
                                    {"subject", reference.subject},
                                    {"version", reference.version.value()}});
    }
  }
  return json.dump();
}

std::shared_ptr<const SchemaDefinition> read_definition(const nlohmann::json& json) {
  SchemaDefinition schema;
  schema.text = json.at("schema").get<std::string>();
  const std::string type = json.value("schemaType", "AVRO");
  for (const SchemaType known : {SchemaType::avro, SchemaType::protobuf, SchemaType::json}) {
    if (type == name(known)) schema.type = known;
  }
  if (json.contains("references")) {
    for (const nlohmann::json& reference : json["references"]) {
      schema.references.push_back({reference.at("name").get<std::string>(),
                                   reference.at("subject").get<std::string>(),
                                   SchemaVersion{reference.at("version").get<std::int32_t>()}});
    }
  }
  return std::make_shared<const SchemaDefinition>(std::move(schema));
}

std::string normalized(std::string path, SchemaRegistry::Options options) {
  if (options.normalize) path += "?normalize=true";
  return path;
}

}  // namespace

SchemaId HttpRegistry::add(const std::string& subject, const SchemaDefinition& schema,
                           Options options) {
  const HttpRequest request{normalized("/subjects/" + path_segment(subject) + "/versions", options),
                            body_of(schema)};
  return read_answer(
      quoted(subject), request, exchange_.send(request),
      [](const nlohmann::json& json) { return SchemaId{json.at("id").get<std::int32_t>()}; });
}

SchemaRegistry::Registered HttpRegistry::find(const std::string& subject,
                                              const SchemaDefinition& schema, Options options) {
  const HttpRequest request{normalized("/subjects/" + path_segment(subject), options),
                            body_of(schema)};
  return read_answer(quoted(subject), request, exchange_.send(request),
                     [](const nlohmann::json& json) {
                       return Registered{SchemaId{json.at("id").get<std::int32_t>()},
                                         SchemaVersion{json.at("version").get<std::int32_t>()}};
                     });
}

std::shared_ptr<const SchemaDefinition> HttpRegistry::schema(SchemaId id) {
  const std::string what = "schema id " + std::to_string(id.value());
  const HttpRequest request{"/schemas/ids/" + std::to_string(id.value())};
  const HttpAnswer answer = exchange_.send(request);
  if (answer.status == 404) {
    const Refusal refusal = read_refusal(answer);
    // Only the registry itself can say so; a proxy with a wrong path says 404 as well.
    if (refusal.code == schema_unknown) {
      throw SerdeError(refused(what, request, answer, refusal,
                               "the record was written with another registry, or its schema was "
                               "deleted"));
    }
  }
  return read_answer(what, request, answer, read_definition);
}

std::shared_ptr<const SchemaDefinition> HttpRegistry::schema(const std::string& subject,
                                                             SchemaVersion version) {
  const HttpRequest request{"/subjects/" + path_segment(subject) + "/versions/" +
                            std::to_string(version.value())};
  return read_answer(quoted(subject), request, exchange_.send(request), read_definition);
}

}  // namespace moldau::inline v0::schema_registry

namespace moldau::inline v0 {

std::shared_ptr<SchemaRegistry> make_schema_registry(std::vector<std::string> urls,
                                                     SchemaRegistryOptions options) {
  const std::chrono::milliseconds unknown_id_memory = options.unknown_id_memory;
  return std::make_shared<schema_registry::CachingRegistry>(
      std::make_unique<schema_registry::HttpRegistry>(
          schema_registry::HttpExchange{urls, std::move(options)}),
      system_clock(), unknown_id_memory);
}

}  // namespace moldau::inline v0
