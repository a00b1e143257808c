#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/oauthbearer.h"

#include "kafka/rdkafka/handles.h"
#include "kafka/rdkafka/log_relay.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::kafka::rdkafka {

// What a client hears from librdkafka while it lives. Made before the client and living longer, as
// librdkafka's threads call it until the last of them has ended.
class ClientEvents {
 public:
  virtual ~ClientEvents() = default;
  // On the thread that serves the client (Client::serve(), flush() and the like).
  virtual void delivered(const rd_kafka_message_t& message) { static_cast<void>(message); }
  // A request has been answered, or has failed without an answer. On librdkafka's main thread.
  virtual void request_ended(std::int16_t api_key, rd_kafka_resp_err_t error) noexcept {
    static_cast<void>(api_key);
    static_cast<void>(error);
  }
};

// One librdkafka instance with everything that must live as long as it does.
//
// Used by one thread at a time. Destroyed by the Reaper only, since that may take its time:
// rd_kafka_destroy() waits for librdkafka's threads, and those for every message handed out.
class Client {
 public:
  // `log` and `events` live as long as the client. `tokens` may be empty. The failure is
  // ErrorCode::invalid_request with librdkafka's reason.
  static Result<std::unique_ptr<Client>> make(rd_kafka_type_t type, ConfPtr conf,
                                              std::unique_ptr<LogRelay> log,
                                              std::unique_ptr<ClientEvents> events,
                                              OAuthBearerTokenProvider tokens = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] rd_kafka_t* get() const noexcept { return rk_; }
  [[nodiscard]] ClientEvents& events() const noexcept { return *events_; }

  // Runs what librdkafka has to say on this thread: errors and delivery reports. Waits up to
  // `timeout` for the first of them.
  void serve(std::chrono::milliseconds timeout);

  // What is wrong with the whole cluster or with who we are, each kind once until a broker has
  // answered again. Filled by serve().
  [[nodiscard]] std::vector<Status> take_problems();

  // The newest reason why a broker could not be reached since one answered last, to be put behind a
  // time-out; empty if there is none.
  [[nodiscard]] std::string trouble() const;

  // A topic whose rd_kafka_topic_opaque() is `opaque`. Kept until the client ends.
  rd_kafka_topic_t* topic(const std::string& name, void* opaque);

  // Messages handed out that have not been destroyed. The client waits for them at its end.
  [[nodiscard]] std::atomic<std::int64_t>& messages_out() noexcept { return messages_out_; }

 private:
  Client(std::string servers, std::unique_ptr<LogRelay> log, std::unique_ptr<ClientEvents> events,
         OAuthBearerTokenProvider tokens);

  static void on_log(const rd_kafka_t* rk, int level, const char* facility, const char* text);
  static void on_error(rd_kafka_t* rk, int error, const char* reason, void* opaque);
  static void on_delivery(rd_kafka_t* rk, const rd_kafka_message_t* message, void* opaque);
  static void on_token_wanted(rd_kafka_t* rk, const char* config, void* opaque);
  static rd_kafka_resp_err_t on_new(rd_kafka_t* rk, const rd_kafka_conf_t* conf, void* opaque,
                                    char* text, std::size_t text_size);
  static rd_kafka_resp_err_t on_response(rd_kafka_t* rk, int socket, const char* broker,
                                         std::int32_t broker_id, std::int16_t api_key,
                                         std::int16_t api_version, std::int32_t correlation,
                                         std::size_t size, std::int64_t rtt,
                                         rd_kafka_resp_err_t error, void* opaque);
  void note_problem(rd_kafka_resp_err_t error, std::string_view reason);

  rd_kafka_t* rk_ = nullptr;
  std::string servers_;
  std::unique_ptr<LogRelay> log_;
  std::unique_ptr<ClientEvents> events_;
  const OAuthBearerTokenProvider tokens_;
  std::vector<TopicPtr> topics_;
  std::atomic<std::int64_t> messages_out_ = 0;
  std::atomic<bool> answered_ = false;  // by any broker, since the last problem
  std::vector<rd_kafka_resp_err_t> reported_;
  std::vector<Status> problems_;
  std::string last_trouble_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
