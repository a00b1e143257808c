#pragma once

#include "moldau/base/clock.h"

#include "kafka/wire/byte_stream.h"
#include "kafka/wire/tls_context.h"

#include <memory>

namespace moldau::inline v0::kafka::wire {

// TLS over another stream. open() has checked the certificate and the name of the peer, as far as
// the context asks for it. A peer or a certificate that is not accepted, on either side, is
// ErrorCode::authentication_failed, not retriable, and says why; everything else is transport
// trouble. `clock` must outlive it.
[[nodiscard]] std::unique_ptr<ByteStream> make_tls_stream(std::unique_ptr<ByteStream> beneath,
                                                          std::shared_ptr<const TlsContext> context,
                                                          const Clock& clock);

}  // namespace moldau::inline v0::kafka::wire
