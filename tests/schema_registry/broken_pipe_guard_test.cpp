#include "schema_registry/http/broken_pipe_guard.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace moldau::schema_registry {
namespace {

volatile std::sig_atomic_t signals = 0;

class BrokenPipe : public ::testing::Test {
 protected:
  BrokenPipe() : before_(std::signal(SIGPIPE, [](int) { signals = signals + 1; })) { signals = 0; }
  ~BrokenPipe() override { std::signal(SIGPIPE, before_); }

  // Writes to a pipe that nobody reads. The error of the write.
  static int write() {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return -1;
    ::close(pipe[0]);
    const int error = ::write(pipe[1], "x", 1) < 0 ? errno : 0;
    ::close(pipe[1]);
    return error;
  }

 private:
  void (*before_)(int);
};

TEST_F(BrokenPipe, RaisesNoSignalUnderTheGuardNorLater) {
  {
    const BrokenPipeGuard guard;
    EXPECT_EQ(write(), EPIPE);
    EXPECT_EQ(write(), EPIPE);
  }
  EXPECT_EQ(signals, 0);
}

TEST_F(BrokenPipe, IsWhatItWasAfterTheGuard) {
  { const BrokenPipeGuard guard; }

  EXPECT_EQ(write(), EPIPE);

  EXPECT_EQ(signals, 1);
}

TEST_F(BrokenPipe, SignalsOfOthersAreKeptForThem) {
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGPIPE);
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, &blocked, &mask);
  EXPECT_EQ(write(), EPIPE);  // waits until the mask is what it was

  {
    const BrokenPipeGuard guard;
    EXPECT_EQ(write(), EPIPE);
  }
  EXPECT_EQ(signals, 0);
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);

  EXPECT_EQ(signals, 1);
}

}  // namespace
}  // namespace moldau::schema_registry
