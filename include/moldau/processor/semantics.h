#pragma once

#include <cstdint>

namespace moldau::inline v0 {

// What happens where Kafka Streams 4.3 loses or doubles results (docs/differences.md).
enum class Semantics : std::uint8_t {
  complete,           // final results are complete and come once. The default.
  kafka_streams_4_3,  // exactly as the reference, losses included
};

}  // namespace moldau::inline v0
