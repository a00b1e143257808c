#include "schema_registry/http/broken_pipe_guard.h"

#include <pthread.h>

#include <cerrno>

namespace moldau::inline v0::schema_registry {

BrokenPipeGuard::BrokenPipeGuard() {
  sigemptyset(&broken_pipe_);
  sigaddset(&broken_pipe_, SIGPIPE);
  sigset_t waiting;
  sigpending(&waiting);
  pending_ = sigismember(&waiting, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
}

BrokenPipeGuard::~BrokenPipeGuard() {
  if (!pending_) {
    // A signal that a write has raised waits for this thread: take it away before it is let in.
    const timespec at_once{};
    while (sigtimedwait(&broken_pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace moldau::inline v0::schema_registry
