#pragma once

#include "moldau/base/mailbox.h"

#include "runtime/stream_task.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace moldau::inline v0::runtime {

// Why a task is with the restorer.
enum class RestoreRole : std::uint8_t {
  active,   // until its stores are complete: then it runs
  standby,  // until it is recalled: others run it
};

// A task that comes back from restoration.
struct RestoredTask {
  std::unique_ptr<StreamTask> task = {};
  bool complete = false;           // false: recalled before it was; always of a standby
  std::exception_ptr failed = {};  // set: the stores cannot be restored, and why
  // Stores that cannot go on from where they are: to be rebuilt on the stream thread, whose memory
  // they share, before the task is submitted again.
  std::vector<StreamTask::Store*> rebuild = {};
};

// Where a stream thread gets its tasks back.
struct RestoreClient {
  Mailbox<RestoredTask> finished;
  std::function<void()> wake;  // called after each post; any thread
};

}  // namespace moldau::inline v0::runtime
