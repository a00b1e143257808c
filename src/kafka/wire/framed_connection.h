#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/clock.h"

#include "kafka/wire/byte_stream.h"
#include "kafka/wire/connection.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace moldau::inline v0::kafka::wire {

// No answer that is spoken here comes near; a longer one is taken for a peer that is no broker.
inline constexpr std::size_t max_frame_size = std::size_t{64} * 1024 * 1024;

// Frames over a stream of bytes: each is preceded by its length as four bytes. A length that is
// negative or above max_frame_size is a transport failure, and memory is taken as the bytes arrive,
// not as the length announces. `clock` must outlive it.
class FramedConnection final : public Connection {
 public:
  FramedConnection(std::unique_ptr<ByteStream> stream, const Clock& clock);

  Status open(const Endpoint& to, std::chrono::milliseconds timeout) override;
  void close() override;
  [[nodiscard]] bool is_open() const override;
  Status send(Bytes frame, std::chrono::milliseconds timeout) override;
  Result<std::optional<ByteBuffer>> receive(std::chrono::milliseconds timeout) override;
  void wake() override;

 private:
  // Of the frame that is being received, without its prefix; nullopt while that is not complete.
  [[nodiscard]] std::optional<std::size_t> announced_size() const;
  // Reads towards `target` bytes in all; false if nothing came.
  Result<bool> read_towards(std::size_t target, std::chrono::milliseconds timeout);

  std::unique_ptr<ByteStream> stream_;
  const Clock& clock_;
  Endpoint to_;
  ByteBuffer received_;  // prefix and bytes of one frame, as far as they have come
  ByteBuffer sending_;   // prefix and bytes of the last frame sent; kept for its memory
};

}  // namespace moldau::inline v0::kafka::wire
