#include "moldau/processor/dead_letter.h"

#include "moldau/processor/error_handlers.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>
#include <utility>

namespace moldau::inline v0 {

namespace {

std::string readable(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
  return name != nullptr ? name.get() : type.name();
}

// Inside a catch block.
std::string type_of_current() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  return type != nullptr ? readable(*type) : "unknown";
}

struct Description {
  std::string type;
  std::optional<ByteBuffer> message;
  std::string trace;
};

Description look_at(const std::exception_ptr& error) {
  Description seen;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    seen.type = type_of_current();
    seen.message.emplace(Bytes{std::string_view{e.what()}});
    seen.trace = seen.type + ": " + e.what();
    try {
      std::rethrow_if_nested(e);
    } catch (...) {
      seen.trace += "\ncaused by " + look_at(std::current_exception()).trace;
    }
  } catch (...) {
    seen.type = type_of_current();
    seen.trace = seen.type;
  }
  return seen;
}

std::optional<ByteBuffer> copy(const std::optional<Bytes>& bytes) {
  return bytes ? std::optional<ByteBuffer>{std::in_place, *bytes} : std::nullopt;
}

}  // namespace

DeadLetter dead_letter(std::string topic, const ErrorContext& context,
                       const std::exception_ptr& error) {
  Description seen = look_at(error);
  DeadLetter letter{.topic = std::move(topic),
                    .key = copy(context.source_key),
                    .value = copy(context.source_value),
                    .headers = *context.headers,
                    .timestamp = context.timestamp};
  Headers& headers = letter.headers;
  headers.add("__streams.errors.exception", seen.type);
  headers.add("__streams.errors.message", std::move(seen.message));
  headers.add("__streams.errors.stacktrace", seen.trace);
  headers.add("__streams.errors.topic", context.metadata.topic);
  headers.add("__streams.errors.partition", std::to_string(context.metadata.partition.value()));
  headers.add("__streams.errors.offset", std::to_string(context.metadata.offset.value()));
  return letter;
}

}  // namespace moldau::inline v0
