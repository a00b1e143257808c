// must say: windowed_by() needs keys that can be copied
#include "program.h"

struct Ticket {
  Ticket() = default;
  Ticket(Ticket&&) = default;
  Ticket& operator=(Ticket&&) = default;
};

template <>
struct moldau::Serde<Ticket> {
  static void serialize(const Ticket& ticket, moldau::ByteBuffer& out);
  static void deserialize(moldau::Bytes bytes, Ticket& ticket);
};

void wrong(moldau::KGroupedStream<Ticket, std::string>& tickets) {
  tickets.windowed_by(moldau::TimeWindows{.size = std::chrono::seconds{1}});
}
