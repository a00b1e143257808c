#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/mailbox.h"
#include "moldau/base/status.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/values.h"

#include "runtime/topic_directory.h"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace moldau::inline v0::runtime {

// Deletes records of repartition topics that their only reader, this application, has committed.
// Without it such a topic would grow for ever: its retention is unlimited, because records must
// survive until they are read. One worker for an application.
class RepartitionPurger final : public Worker {
 public:
  RepartitionPurger(TopicDirectory& topics, std::chrono::milliseconds interval, Clock& clock,
                    std::shared_ptr<Logger> logger);
  ~RepartitionPurger() override;

  // Everything before these offsets has been read and committed. Any thread.
  void committed(std::vector<kafka::PartitionPosition> offsets);
  // Ends the worker. Any thread.
  void finish();

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  void tell(const Status& status);

  TopicDirectory& topics_;
  std::chrono::milliseconds interval_;
  Clock& clock_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  Mailbox<std::vector<kafka::PartitionPosition>> incoming_;
  std::atomic<bool> finishing_{false};
  std::map<TopicPartition, Offset> waiting_;
  Clock::Steady next_;
  std::string last_told_;
};

}  // namespace moldau::inline v0::runtime
