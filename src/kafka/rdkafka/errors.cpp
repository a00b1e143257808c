#include "kafka/rdkafka/errors.h"

#include <array>
#include <string>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

struct Meaning {
  ErrorCode code = ErrorCode::other;
  Status::Kind kind = {};
  std::string_view what_to_do = {};
};

constexpr Status::Kind retry{.retriable = true};
constexpr Status::Kind refused{};
constexpr Status::Kind stale{.requires_abort = true, .fenced = true};
constexpr Status::Kind fenced{.fatal = true, .fenced = true};

Meaning meaning_of(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
      return {ErrorCode::timed_out, retry};
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return {ErrorCode::queue_full, retry};
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
      return {ErrorCode::transport, retry};
    case RD_KAFKA_RESP_ERR__SSL:
      return {ErrorCode::transport, retry,
              "check security.protocol, the CA and the certificate on both sides"};
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
    case RD_KAFKA_RESP_ERR__OUTDATED:
    case RD_KAFKA_RESP_ERR__RETRY:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
      return {ErrorCode::not_ready, retry};
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return {ErrorCode::unknown_topic, refused};
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return {ErrorCode::offset_out_of_range, refused};
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return {ErrorCode::message_too_large, refused,
              "raise max.request.size here and max.message.bytes of the topic, or send less"};
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
      return {ErrorCode::authentication_failed, refused,
              "check sasl.mechanism, user name and password"};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return {ErrorCode::authorization_failed, refused,
              "the principal needs READ on topics it reads and WRITE on topics it writes"};
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return {ErrorCode::authorization_failed, refused, "the principal needs READ on the group"};
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return {ErrorCode::authorization_failed, refused,
              "the principal needs WRITE on transactional ids that start with application.id"};
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return {ErrorCode::authorization_failed, refused,
              "the principal needs this operation on the cluster"};
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
      return {ErrorCode::unsupported, refused, "the broker is too old for this: upgrade it"};
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
      return {ErrorCode::already_exists, refused};
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
      return {
          ErrorCode::producer_fenced, fenced,
          "another producer took this transactional id over, or the transaction took longer than "
          "transaction.timeout.ms"};
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return {ErrorCode::stale_member, stale};
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_REQUEST:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
      return {ErrorCode::invalid_request, refused};
    case RD_KAFKA_RESP_ERR__STATE:
    case RD_KAFKA_RESP_ERR__CONFLICT:
    case RD_KAFKA_RESP_ERR_INVALID_TXN_STATE:
      return {ErrorCode::invalid_state, refused};
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__DESTROY:
      return {ErrorCode::other, {.fatal = true}};
    default:
      break;
  }
  // KIP-848's STALE_MEMBER_EPOCH and FENCED_MEMBER_EPOCH: this librdkafka has no names for them.
  constexpr int stale_member_epoch = 113;
  constexpr int fenced_member_epoch = 110;
  if (error == stale_member_epoch || error == fenced_member_epoch) {
    return {ErrorCode::stale_member, stale};
  }
  return {};
}

std::string explain(std::string_view doing, std::string_view detail, rd_kafka_resp_err_t error,
                    std::string_view what_to_do) {
  std::string text{doing};
  if (!text.empty()) text += ": ";
  text += detail.empty() ? std::string_view{rd_kafka_err2str(error)} : detail;
  text += " (";
  text += rd_kafka_err2name(error);
  text += ")";
  if (!what_to_do.empty()) {
    text += "; ";
    text += what_to_do;
  }
  return text;
}

}  // namespace

Status make_status(rd_kafka_resp_err_t error, std::string_view doing, std::string_view detail) {
  const Meaning meaning = meaning_of(error);
  return {meaning.code, explain(doing, detail, error, meaning.what_to_do), meaning.kind};
}

Status make_status(const ErrorPtr& error, std::string_view doing) {
  if (error == nullptr) return {};
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  const Meaning meaning = meaning_of(code);
  Status::Kind kind = meaning.kind;
  // librdkafka has already retried what its code alone would allow to be retried.
  kind.fatal = kind.fatal || rd_kafka_error_is_fatal(error.get()) != 0;
  kind.requires_abort = kind.requires_abort || rd_kafka_error_txn_requires_abort(error.get()) != 0;
  kind.retriable = !kind.fatal && !kind.requires_abort && rd_kafka_error_is_retriable(error.get());
  return {meaning.code,
          explain(doing, rd_kafka_error_string(error.get()), code, meaning.what_to_do), kind};
}

Status fatal_status(rd_kafka_t* client, std::string_view doing) {
  std::array<char, 512> text{};
  const rd_kafka_resp_err_t cause = rd_kafka_fatal_error(client, text.data(), text.size());
  const Meaning meaning = meaning_of(cause);
  Status::Kind kind = meaning.kind;
  kind.fatal = true;
  kind.retriable = false;
  return {meaning.code, explain(doing, text.data(), cause, meaning.what_to_do), kind};
}

bool passes_by_itself(rd_kafka_resp_err_t error) noexcept {
  return meaning_of(error).kind.retriable;
}

}  // namespace moldau::inline v0::kafka::rdkafka
