#include "streams/signal_wait.h"

#include "moldau/base/error.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace moldau::inline v0::streams {

namespace {

// A handler may do next to nothing: it writes a byte into a pipe that the waiting thread reads.
std::atomic<int> signal_pipe{-1};

extern "C" void note_signal(int) {
  const int error = errno;
  const char byte = 0;
  if (const int fd = signal_pipe.load(); fd >= 0) {
    [[maybe_unused]] const ssize_t written = ::write(fd, &byte, 1);
  }
  errno = error;
}

class TakenSignals {
 public:
  TakenSignals() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw StreamsError("cannot wait for signals: no pipe");
    }
    signal_pipe.store(ends_[1]);
    struct sigaction action {};
    action.sa_handler = note_signal;
    ::sigaction(SIGINT, &action, &old_int_);
    ::sigaction(SIGTERM, &action, &old_term_);
  }
  ~TakenSignals() {
    ::sigaction(SIGINT, &old_int_, nullptr);
    ::sigaction(SIGTERM, &old_term_, nullptr);
    signal_pipe.store(-1);
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  TakenSignals(const TakenSignals&) = delete;
  TakenSignals& operator=(const TakenSignals&) = delete;

  // True if a signal came within `milliseconds`.
  [[nodiscard]] bool wait(int milliseconds) const {
    pollfd readable{.fd = ends_[0], .events = POLLIN, .revents = 0};
    return ::poll(&readable, 1, milliseconds) > 0;
  }

 private:
  std::array<int, 2> ends_{};
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

}  // namespace

void wait_for_signal(const std::function<bool()>& ended) {
  const TakenSignals signals;
  while (!ended()) {
    if (signals.wait(100)) return;
  }
}

}  // namespace moldau::inline v0::streams
