#pragma once

#include "moldau/base/status.h"

#include "kafka/rdkafka/handles.h"

#include <string_view>

// What librdkafka's errors mean to a caller of the seams.
namespace moldau::inline v0::kafka::rdkafka {

// `doing` says what failed, for an operator: "reading committed offsets of group app". A code that
// asks for something to be done about it (authorization, an old broker) gets a sentence that says
// what. REQUIRES: an error.
[[nodiscard]] Status make_status(rd_kafka_resp_err_t error, std::string_view doing,
                                 std::string_view detail = {});

// The same for a call that answers with an object: it knows best whether it may be repeated,
// whether the transaction is lost, and whether the client is. Ok for a null one.
[[nodiscard]] Status make_status(const ErrorPtr& error, std::string_view doing);

// Why a client is of no more use. REQUIRES: `client` has had its fatal error.
[[nodiscard]] Status fatal_status(rd_kafka_t* client, std::string_view doing);

// True for the trouble that librdkafka goes on retrying by itself.
[[nodiscard]] bool passes_by_itself(rd_kafka_resp_err_t error) noexcept;

}  // namespace moldau::inline v0::kafka::rdkafka
