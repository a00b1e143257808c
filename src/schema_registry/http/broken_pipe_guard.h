#pragma once

#include <signal.h>

namespace moldau::inline v0::schema_registry {

// While it lives, writing to a connection that the other side has closed is an error of the write,
// as the code around it expects, and not the SIGPIPE that ends the process. For this thread only:
// what the application does about the signal stays as it is.
class BrokenPipeGuard {
 public:
  BrokenPipeGuard();
  BrokenPipeGuard(const BrokenPipeGuard&) = delete;
  BrokenPipeGuard& operator=(const BrokenPipeGuard&) = delete;
  ~BrokenPipeGuard();

 private:
  sigset_t broken_pipe_;
  sigset_t before_;       // what the thread had blocked
  bool pending_ = false;  // the signal was waiting already, for somebody else
};

}  // namespace moldau::inline v0::schema_registry
