#pragma once

#include "moldau/serde/schema_registry.h"

#include <nlohmann/json.hpp>

#include <httplib.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace moldau {

// A schema registry behind HTTP, on a port of this machine: the part of Confluent's interface that
// clients use, with its status and error codes.
class RegistryServer {
 public:
  struct Tls {
    std::string certificate_file;
    std::string key_file;
    std::string client_ca_file = {};  // not empty: clients must have a certificate of it
  };

  explicit RegistryServer(const std::string& path = "", int port = 0)
      : RegistryServer("http", path, port, std::make_unique<httplib::Server>()) {}
  explicit RegistryServer(const Tls& tls)
      : RegistryServer("https", "", 0,
                       std::make_unique<httplib::SSLServer>(
                           tls.certificate_file.c_str(), tls.key_file.c_str(),
                           tls.client_ca_file.empty() ? nullptr : tls.client_ca_file.c_str())) {}

  ~RegistryServer() {
    server_->stop();
    thread_.join();
  }

  [[nodiscard]] std::string url() const {
    return scheme_ + "://127.0.0.1:" + std::to_string(port_);
  }
  [[nodiscard]] int port() const { return port_; }

  // The next requests are answered with this status, and are counted all the same.
  void fail_next(int count, int status) {
    const std::lock_guard lock{mutex_};
    failures_ = count;
    failing_status_ = status;
  }

  // Answers each attempt to add a schema with this refusal.
  void refuse(int status, int code, const std::string& message) {
    const std::lock_guard lock{mutex_};
    refusal_ = nlohmann::json{{"error_code", code}, {"message", message}}.dump();
    refusal_status_ = status;
  }

  // "GET /schemas/ids/1" and so on, in order.
  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

  // How long after the one before it each request but the first has come.
  [[nodiscard]] std::vector<std::chrono::steady_clock::duration> pauses() {
    const std::lock_guard lock{mutex_};
    std::vector<std::chrono::steady_clock::duration> pauses;
    for (std::size_t i = 1; i < times_.size(); ++i) pauses.push_back(times_[i] - times_[i - 1]);
    return pauses;
  }

  // Of the latest request; empty if it had none of that name.
  [[nodiscard]] std::string header(const std::string& name) {
    const std::lock_guard lock{mutex_};
    const auto found = headers_.find(name);
    return found == headers_.end() ? "" : found->second;
  }

  // What it has: filled by clients, or before.
  [[nodiscard]] SchemaRegistry& schemas() { return *schemas_; }

 private:
  RegistryServer(std::string scheme, const std::string& path, int port,
                 std::unique_ptr<httplib::Server> server)
      : scheme_(std::move(scheme)), server_(std::move(server)), port_(port) {
    if (!server_->is_valid()) throw std::runtime_error("the registry's certificate is no good");
    const auto answer = [this](auto respond) {
      return [this, respond](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard lock{mutex_};
        requests_.push_back(request.method + " " + request.target);
        times_.push_back(std::chrono::steady_clock::now());
        headers_ = request.headers;
        if (failures_ > 0) {
          --failures_;
          response.status = failing_status_;
          response.set_content("down for maintenance", "text/plain");
          return;
        }
        respond(request, response);
      };
    };
    server_->Post(path + "/subjects/(.+)/versions",
                  answer([this](const auto& request, auto& response) { add(request, response); }));
    server_->Post(path + "/subjects/(.+)",
                  answer([this](const auto& request, auto& response) { find(request, response); }));
    server_->Get(path + "/schemas/ids/(-?\\d+)",
                 answer([this](const auto& request, auto& response) { by_id(request, response); }));
    server_->Get(
        path + "/subjects/(.+)/versions/(\\d+)",
        answer([this](const auto& request, auto& response) { version(request, response); }));
    if (port_ == 0) {
      port_ = server_->bind_to_any_port("127.0.0.1");
    } else if (!server_->bind_to_port("127.0.0.1", port_)) {
      throw std::runtime_error("port " + std::to_string(port_) + " is taken");
    }
    thread_ = std::thread{[this] { server_->listen_after_bind(); }};
    while (!server_->is_running()) std::this_thread::yield();
  }

  static SchemaDefinition definition(const std::string& body) {
    const nlohmann::json json = nlohmann::json::parse(body);
    SchemaDefinition schema{SchemaType::avro, json.at("schema").get<std::string>()};
    if (json.value("schemaType", "AVRO") == "PROTOBUF") schema.type = SchemaType::protobuf;
    for (const auto& reference : json.value("references", nlohmann::json::array())) {
      schema.references.push_back({reference.at("name"), reference.at("subject"),
                                   SchemaVersion{reference.at("version").get<std::int32_t>()}});
    }
    return schema;
  }

  static nlohmann::json json_of(const SchemaDefinition& schema) {
    nlohmann::json json = {{"schema", schema.text}};
    if (schema.type != SchemaType::avro) json["schemaType"] = name(schema.type);
    for (const SchemaReference& reference : schema.references) {
      json["references"].push_back({{"name", reference.name},
                                    {"subject", reference.subject},
                                    {"version", reference.version.value()}});
    }
    return json;
  }

  static void send(httplib::Response& response, const nlohmann::json& json) {
    response.set_content(json.dump(), "application/vnd.schemaregistry.v1+json");
  }

  static void send_unknown(httplib::Response& response, int code, const std::string& message) {
    response.status = 404;
    send(response, {{"error_code", code}, {"message", message}});
  }

  void add(const httplib::Request& request, httplib::Response& response) {
    if (!refusal_.empty()) {
      response.status = refusal_status_;
      response.set_content(refusal_, "application/vnd.schemaregistry.v1+json");
      return;
    }
    const SchemaId id = schemas_->add(request.matches[1], definition(request.body), {});
    send(response, {{"id", id.value()}});
  }

  void find(const httplib::Request& request, httplib::Response& response) {
    const std::string subject = request.matches[1];
    try {
      const SchemaDefinition schema = definition(request.body);
      const SchemaRegistry::Registered found = schemas_->find(subject, schema, {});
      nlohmann::json json = json_of(schema);
      json.update(
          {{"subject", subject}, {"id", found.id.value()}, {"version", found.version.value()}});
      send(response, json);
    } catch (const SchemaRegistryError&) {
      send_unknown(response, 40403, "Schema not found");
    }
  }

  void by_id(const httplib::Request& request, httplib::Response& response) {
    try {
      send(response, json_of(*schemas_->schema(SchemaId{std::stoi(request.matches[1])})));
    } catch (const SerdeError&) {
      send_unknown(response, 40403, "Schema not found");
    }
  }

  void version(const httplib::Request& request, httplib::Response& response) {
    try {
      send(response, json_of(*schemas_->schema(request.matches[1],
                                               SchemaVersion{std::stoi(request.matches[2])})));
    } catch (const SchemaRegistryError&) {
      send_unknown(response, 40402, "Version not found");
    }
  }

  std::shared_ptr<SchemaRegistry> schemas_ = make_memory_schema_registry();
  std::string scheme_;
  std::unique_ptr<httplib::Server> server_;
  int port_;
  std::thread thread_;

  std::mutex mutex_;  // guards all below
  std::vector<std::string> requests_;
  std::vector<std::chrono::steady_clock::time_point> times_;  // when they came
  httplib::Headers headers_;
  int failures_ = 0;
  int failing_status_ = 0;
  std::string refusal_;
  int refusal_status_ = 0;
};

}  // namespace moldau
