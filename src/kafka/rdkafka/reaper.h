#pragma once

#include "moldau/base/logger.h"
#include "moldau/base/workers.h"

#include "kafka/rdkafka/background_call.h"
#include "kafka/rdkafka/client.h"

#include <list>
#include <memory>
#include <mutex>

namespace moldau::inline v0::kafka::rdkafka {

// Ends clients beside the threads that used them. librdkafka has defects by which ending a client
// never returns (a partition lost, a topic deleted), and messages handed out keep it alive: nobody
// else waits for that. Shared by the factory and the clients it made. Any thread.
class Reaper {
 public:
  Reaper(Workers& workers, std::shared_ptr<Logger> logger);

  // Waits a moment for the clients that are still ending, then leaves them behind and says so.
  ~Reaper();
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;

  // `last_call` may still be using the client: its end is waited for first. May be null.
  void end(std::unique_ptr<Client> client, std::unique_ptr<BackgroundCall> last_call = nullptr);

 private:
  class Ending;
  struct Entry {
    std::unique_ptr<Ending> ending;
    std::unique_ptr<WorkerHandle> handle;
  };

  void forget_finished();

  Workers& workers_;
  std::shared_ptr<Logger> logger_;
  std::mutex mutex_;  // guards endings_
  std::list<Entry> endings_;
};

}  // namespace moldau::inline v0::kafka::rdkafka
