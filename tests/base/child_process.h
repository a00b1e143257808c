#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <utility>

namespace moldau {

// A copy of this process that runs one function. The two talk through a pipe, so that a test waits
// for the child and never for a time. To be used in tests with one thread only.
class ChildProcess {
 public:
  // `body` may call `report()` any number of times; what it returns is the exit status.
  explicit ChildProcess(const std::function<int(const std::function<void()>& report)>& body) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("no process");
    if (pid_ == 0) {
      ::close(pipe[0]);
      ::_exit(body([&pipe] {
        if (::write(pipe[1], "r", 1) != 1) ::_exit(99);
      }));
    }
    ::close(pipe[1]);
    reports_ = pipe[0];
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    kill();
    ::close(reports_);
  }

  // Waits for the next report; false if the child has ended instead.
  bool wait_for_report() const {
    char report = 0;
    ssize_t count = 0;
    do {
      count = ::read(reports_, &report, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;
  }

  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    static_cast<void>(exit_status());
  }

  // Waits for the end. -1 if a signal ended it.
  int exit_status() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;  // 0: it has ended
  int reports_ = -1;
};

}  // namespace moldau
