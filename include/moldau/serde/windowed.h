#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace moldau::inline v0 {

namespace detail {

// How a window is written behind the bytes of its key.
class MOLDAU_EXPORT WindowFormat {
 public:
  enum class Kind : std::uint8_t {
    time,       // 8 bytes of start; the end is as far away as all windows are long
    session,    // 8 bytes of end, 8 bytes of start
    changelog,  // as time, and 4 bytes of sequence: the key of a window store's changelog
  };

  WindowFormat(Kind kind, std::chrono::milliseconds length) : kind_(kind), length_(length) {}

  void append(const Window& window, ByteBuffer& out) const;

  struct Parts {
    Bytes key;
    Window window;
  };
  // Throws SerdeError if the bytes are too few for a window.
  [[nodiscard]] Parts split(Bytes bytes) const;
  // REQUIRES: bytes that append() has finished.
  [[nodiscard]] Bytes key_of(Bytes bytes) const noexcept {
    return bytes.first(bytes.size() - size());
  }

 private:
  [[nodiscard]] std::size_t size() const noexcept;

  Kind kind_;
  std::chrono::milliseconds length_;
};

[[noreturn]] MOLDAU_EXPORT void throw_null_windowed_key();

template <class K>
class WindowedSerde final : public SerdeInstance<Windowed<K>> {
 public:
  WindowedSerde(WindowFormat format, AnySerde<K> inner)
      : format_(format), inner_(std::move(inner)) {}

  void serialize(const Windowed<K>& value, ByteBuffer& out) const override {
    if (!inner_.serialize(value.key, out)) throw_null_windowed_key();
    format_.append(value.window, out);
  }
  void deserialize(Bytes bytes, Windowed<K>& value) const override {
    const WindowFormat::Parts parts = format_.split(bytes);
    inner_.deserialize(parts.key, value.key);
    value.window = parts.window;
  }
  [[nodiscard]] Bytes partitioning_part(Bytes bytes) const override {
    return format_.key_of(bytes);
  }

 private:
  WindowFormat format_;
  AnySerde<K> inner_;
};

template <class K>
AnySerde<Windowed<K>> windowed_serde(WindowFormat format, AnySerde<K> inner) {
  return AnySerde<Windowed<K>>{std::make_shared<WindowedSerde<K>>(format, std::move(inner))};
}

}  // namespace detail

// The serdes of windowed keys, byte for byte those of the reference. Tables that windowed
// aggregations make have them already; these are for reading their topics elsewhere, and for tests.
//
// Bytes too short to hold a window are a SerdeError.

// Of time and sliding windows: the key, then 8 bytes of start. The end is not written: the reader
// must know how long a window is, or (of sliding windows) how far apart its records may be.
template <class K>
AnySerde<Windowed<K>> time_windowed_serde(std::chrono::milliseconds window_size,
                                          AnySerde<K> inner = {}) {
  return detail::windowed_serde<K>({detail::WindowFormat::Kind::time, window_size},
                                   std::move(inner));
}

// Of sessions: the key, then 8 bytes of end, then 8 bytes of start.
template <class K>
AnySerde<Windowed<K>> session_windowed_serde(AnySerde<K> inner = {}) {
  return detail::windowed_serde<K>({detail::WindowFormat::Kind::session, {}}, std::move(inner));
}

// For reading the changelog topic of a window store as a topic: its keys have 4 bytes more than
// time_windowed_serde() writes. That of a session store has session_windowed_serde()'s keys.
template <class K>
AnySerde<Windowed<K>> window_changelog_serde(std::chrono::milliseconds window_size,
                                             AnySerde<K> inner = {}) {
  return detail::windowed_serde<K>({detail::WindowFormat::Kind::changelog, window_size},
                                   std::move(inner));
}

}  // namespace moldau::inline v0
