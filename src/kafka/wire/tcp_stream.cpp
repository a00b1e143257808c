#include "kafka/wire/tcp_stream.h"

#include "moldau/base/error.h"

#include "kafka/wire/endpoint_text.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <system_error>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

using std::chrono::milliseconds;

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct AddressesDeleter {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

std::string error_text(int error) { return std::system_category().message(error); }

// `127.0.0.1:9092`: a name may have many addresses, and only one of them may be wrong.
std::string address_text(const addrinfo& address) {
  std::array<char, NI_MAXHOST> host{};
  if (::getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
    return "?";
  }
  return host.data();
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

int family_number(AddressFamily family) {
  switch (family) {
    case AddressFamily::any:
      return AF_UNSPEC;
    case AddressFamily::v4:
      return AF_INET;
    case AddressFamily::v6:
      return AF_INET6;
  }
  return AF_UNSPEC;
}

// Best effort: a connection without them works.
void set_options(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

class TcpStream final : public ByteStream {
 public:
  TcpStream(const Clock& clock, AddressFamily family)
      : clock_(clock), family_(family), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!wake_.valid()) throw Error{"cannot make an eventfd: " + error_text(errno)};
  }

  Status open(const Endpoint& to, milliseconds timeout) override;
  void close() override { socket_ = FileDescriptor{}; }
  [[nodiscard]] bool is_open() const override { return socket_.valid(); }
  Status write(Bytes bytes, milliseconds timeout) override;
  Result<std::size_t> read(std::byte* to, std::size_t size, milliseconds timeout) override;
  void wake() override;

 private:
  enum class Wait : std::uint8_t { ready, woken, timed_out };

  // Until the socket is ready for `events`, the deadline, or, if that may be, wake().
  Wait wait(int fd, short events, Clock::Steady deadline, bool may_wake);
  // Empty if connected, then socket_ is open; else what went wrong.
  std::string connect(const addrinfo& address, milliseconds timeout);
  Status fail(const std::string& what);
  [[nodiscard]] milliseconds until(Clock::Steady deadline) const {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    return std::max(left, milliseconds{0});
  }

  const Clock& clock_;
  const AddressFamily family_;
  const FileDescriptor wake_;  // lives as long as this object: wake() comes from other threads
  FileDescriptor socket_;
  Endpoint to_;
};

Status TcpStream::fail(const std::string& what) {
  close();
  return Status::retriable(ErrorCode::transport, what);
}

Status TcpStream::open(const Endpoint& to, milliseconds timeout) {
  close();
  to_ = to;
  const Clock::Steady deadline = clock_.steady() + timeout;
  addrinfo hints{};
  hints.ai_family = family_number(family_);
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &list);
  if (error != 0) {
    const std::string why = error == EAI_SYSTEM ? error_text(errno) : ::gai_strerror(error);
    return fail("cannot connect to " + to_string(to) + ": looking up the host: " + why);
  }
  const Addresses addresses{list};
  int left = 0;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) ++left;
  std::string problems;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next, --left) {
    // An address that does not answer must leave time for the others.
    const std::string problem = connect(*each, until(deadline) / left);
    if (problem.empty()) return {};
    problems += (problems.empty() ? "" : ", ") + address_text(*each) + ": " + problem;
  }
  return fail("cannot connect to " + to_string(to) + ": " + problems);
}

std::string TcpStream::connect(const addrinfo& address, milliseconds timeout) {
  FileDescriptor fd{::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                             address.ai_protocol)};
  if (!fd.valid()) return error_text(errno);
  set_options(fd.get());
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    // Interrupted, it goes on in the background like any other.
    if (errno != EINPROGRESS && errno != EINTR) return error_text(errno);
    if (wait(fd.get(), POLLOUT, clock_.steady() + timeout, false) == Wait::timed_out) {
      return "no answer within " + std::to_string(timeout.count()) + " ms";
    }
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return error_text(error);
  }
  socket_ = std::move(fd);
  return {};
}

Status TcpStream::write(Bytes bytes, milliseconds timeout) {
  if (!is_open()) return fail("the connection to " + to_string(to_) + " is closed");
  const Clock::Steady deadline = clock_.steady() + timeout;
  while (!bytes.empty()) {
    // A broken connection is an error to return, not a signal to the host process.
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.without_first(static_cast<std::size_t>(sent));
    } else if (would_block(errno)) {
      if (wait(socket_.get(), POLLOUT, deadline, false) == Wait::timed_out) {
        return fail("sending to " + to_string(to_) + ": " + std::to_string(bytes.size()) +
                    " bytes were not taken within " + std::to_string(timeout.count()) + " ms");
      }
    } else if (errno != EINTR) {
      return fail("sending to " + to_string(to_) + ": " + error_text(errno));
    }
  }
  return {};
}

Result<std::size_t> TcpStream::read(std::byte* to, std::size_t size, milliseconds timeout) {
  if (!is_open()) return fail("the connection to " + to_string(to_) + " is closed");
  const Clock::Steady deadline = clock_.steady() + timeout;
  for (;;) {
    // Waiting comes first, or a peer that never pauses would keep wake() from being seen.
    if (wait(socket_.get(), POLLIN, deadline, true) != Wait::ready) return std::size_t{0};
    const ssize_t got = ::recv(socket_.get(), to, size, 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return fail(to_string(to_) + " closed the connection");
    if (!would_block(errno) && errno != EINTR) {
      return fail("receiving from " + to_string(to_) + ": " + error_text(errno));
    }
  }
}

TcpStream::Wait TcpStream::wait(int fd, short events, Clock::Steady deadline, bool may_wake) {
  std::array<pollfd, 2> polled{pollfd{.fd = fd, .events = events, .revents = 0},
                               pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
  for (;;) {
    const auto left = std::min<milliseconds::rep>(until(deadline).count(), INT_MAX);
    const int ready = ::poll(polled.data(), may_wake ? 2 : 1, static_cast<int>(left));
    if (ready > 0) {
      if (may_wake && polled[1].revents != 0) {
        std::uint64_t wakes = 0;  // several count as one
        if (::read(wake_.get(), &wakes, sizeof wakes) == sizeof wakes) return Wait::woken;
      }
      if (polled[0].revents != 0) return Wait::ready;  // an error shows itself to the caller
    } else if (ready == 0) {
      // By poll's clock the time is over; asking ours again could go on forever if it stands still.
      return Wait::timed_out;
    } else if (errno != EINTR && errno != EAGAIN) {
      // Out of kernel memory: as if nothing had come.
      return Wait::timed_out;
    }
  }
}

void TcpStream::wake() {
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then a wake is pending anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace

std::unique_ptr<ByteStream> make_tcp_stream(const Clock& clock, AddressFamily family) {
  return std::make_unique<TcpStream>(clock, family);
}

}  // namespace moldau::inline v0::kafka::wire
