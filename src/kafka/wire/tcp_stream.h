#pragma once

#include "moldau/base/clock.h"

#include "kafka/wire/byte_stream.h"

#include <cstdint>
#include <memory>

namespace moldau::inline v0::kafka::wire {

// Which addresses of a host name are tried.
enum class AddressFamily : std::uint8_t { any, v4, v6 };

// TCP. open() tries every address of the host in turn and shares its time among them; looking up
// the name itself is the resolver's, and takes as long as that takes. Small writes leave at once,
// and a peer that vanished without a word is noticed by keep-alive. `clock` must outlive it. Throws
// Error if the process has no file descriptors left.
[[nodiscard]] std::unique_ptr<ByteStream> make_tcp_stream(const Clock& clock, AddressFamily family);

}  // namespace moldau::inline v0::kafka::wire
