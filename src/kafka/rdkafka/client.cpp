#include "kafka/rdkafka/client.h"

#include "kafka/rdkafka/errors.h"
#include "kafka/rdkafka/settings.h"
#include "kafka/rdkafka/token_refresh.h"

#include <algorithm>
#include <array>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

Client& client_of(void* opaque) { return *static_cast<Client*>(opaque); }

}  // namespace

Client::Client(std::string servers, std::unique_ptr<LogRelay> log,
               std::unique_ptr<ClientEvents> events, OAuthBearerTokenProvider tokens)
    : servers_(std::move(servers)),
      log_(std::move(log)),
      events_(std::move(events)),
      tokens_(std::move(tokens)) {}

Client::~Client() {
  // Topics are references to the instance: with one left, destroying it does not end.
  topics_.clear();
  // Not the orderly goodbye of a group member: nobody here is one.
  if (rk_ != nullptr) rd_kafka_destroy_flags(rk_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

Result<std::unique_ptr<Client>> Client::make(rd_kafka_type_t type, ConfPtr conf,
                                             std::unique_ptr<LogRelay> log,
                                             std::unique_ptr<ClientEvents> events,
                                             OAuthBearerTokenProvider tokens) {
  std::unique_ptr<Client> client{new Client(value_in(conf.get(), "bootstrap.servers"),
                                            std::move(log), std::move(events), std::move(tokens))};
  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  rd_kafka_conf_interceptor_add_on_new(conf.get(), "moldau", on_new, client.get());
  // Without a provider librdkafka makes its tokens itself, and asks nobody.
  const bool with_tokens = client->tokens_ && uses_tokens(conf.get());
  if (with_tokens) prepare_token_refresh(conf.get(), on_token_wanted);
  std::array<char, 512> text{};
  client->rk_ = rd_kafka_new(type, conf.get(), text.data(), text.size());
  if (client->rk_ == nullptr) {
    return Status::permanent(ErrorCode::invalid_request,
                             std::string{"librdkafka refuses the settings: "} + text.data());
  }
  static_cast<void>(conf.release());  // rd_kafka_new() took it
  if (with_tokens) {
    if (Status status = start_token_refresh(client->rk_); !status) return status;
  }
  return client;
}

void Client::serve(std::chrono::milliseconds timeout) {
  rd_kafka_poll(rk_, static_cast<int>(timeout.count()));
}

std::vector<Status> Client::take_problems() { return std::exchange(problems_, {}); }

std::string Client::trouble() const { return answered_.load() ? std::string{} : last_trouble_; }

rd_kafka_topic_t* Client::topic(const std::string& name, void* opaque) {
  TopicConfPtr conf{rd_kafka_default_topic_conf_dup(rk_)};
  rd_kafka_topic_conf_set_opaque(conf.get(), opaque);
  topics_.emplace_back(rd_kafka_topic_new(rk_, name.c_str(), conf.release()));
  return topics_.back().get();
}

void Client::on_log(const rd_kafka_t* rk, int level, const char* facility, const char* text) {
  // Without an instance there is nobody to ask for the logger; only while one is being made.
  if (rk != nullptr) client_of(rd_kafka_opaque(rk)).log_->line(level, facility, text);
}

void Client::on_error(rd_kafka_t* rk, int error, const char* reason, void* opaque) {
  const auto code = static_cast<rd_kafka_resp_err_t>(error);
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    client_of(opaque).problems_.push_back(fatal_status(rk, "the client has failed"));
    return;
  }
  client_of(opaque).note_problem(code, reason);
}

void Client::note_problem(rd_kafka_resp_err_t error, std::string_view reason) {
  if (answered_.exchange(false)) reported_.clear();
  if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) last_trouble_ = reason;
  // One broker that cannot be reached is librdkafka's business; none is the operator's.
  const bool tells = error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || !passes_by_itself(error);
  if (!tells || std::ranges::find(reported_, error) != reported_.end()) return;
  reported_.push_back(error);
  std::string detail{reason};
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    detail = "no broker can be reached, trying again until one can";
    if (!last_trouble_.empty()) detail += " (last: " + last_trouble_ + ")";
  }
  problems_.push_back(make_status(error, "bootstrap.servers " + servers_, detail));
}

void Client::on_delivery(rd_kafka_t* /*rk*/, const rd_kafka_message_t* message, void* opaque) {
  client_of(opaque).events_->delivered(*message);
}

void Client::on_token_wanted(rd_kafka_t* rk, const char* /*config*/, void* opaque) {
  refresh_token(rk, client_of(opaque).tokens_);
}

rd_kafka_resp_err_t Client::on_new(rd_kafka_t* rk, const rd_kafka_conf_t* /*conf*/, void* opaque,
                                   char* /*text*/, std::size_t /*text_size*/) {
  return rd_kafka_interceptor_add_on_response_received(rk, "moldau", on_response, opaque);
}

rd_kafka_resp_err_t Client::on_response(rd_kafka_t* /*rk*/, int /*socket*/, const char* /*broker*/,
                                        std::int32_t /*broker_id*/, std::int16_t api_key,
                                        std::int16_t /*api_version*/, std::int32_t /*correlation*/,
                                        std::size_t /*size*/, std::int64_t /*rtt*/,
                                        rd_kafka_resp_err_t error, void* opaque) {
  Client& client = client_of(opaque);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) client.answered_.store(true, std::memory_order_relaxed);
  client.events_->request_ended(api_key, error);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace moldau::inline v0::kafka::rdkafka
