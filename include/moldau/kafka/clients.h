#pragma once

#include "moldau/base/status.h"
#include "moldau/base/workers.h"
#include "moldau/export.h"
#include "moldau/kafka/admin.h"
#include "moldau/kafka/consumer.h"
#include "moldau/kafka/group_membership.h"
#include "moldau/kafka/producer.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace moldau::inline v0::kafka {

// Settings by librdkafka's names, bootstrap.servers and security among them; what the in-process
// broker has no use for it ignores.
using ClientSettings = std::map<std::string, std::string>;

struct ConsumerOptions {
  std::string client_id;
  std::string group_id;  // for committed(); empty if offsets are never asked for
  Isolation isolation = Isolation::read_committed;
  std::size_t max_poll_records = 1000;
  ClientSettings settings;
};

struct ProducerOptions {
  std::string client_id;
  std::string transactional_id;  // empty: idempotent, without transactions
  // False: no topic of it will be tracked (Producer::topic()), so that success need not be reported
  // record by record.
  bool reports_acks = true;
  ClientSettings settings;
};

struct AdminOptions {
  std::string client_id;
  ClientSettings settings;
};

// Makes clients. Making one does not wait for a broker; a setting that the client library refuses
// is ErrorCode::invalid_request, naming it.
class MOLDAU_EXPORT KafkaClients {
 public:
  virtual ~KafkaClients();
  virtual Result<std::unique_ptr<Consumer>> make_consumer(const ConsumerOptions& options) = 0;
  virtual Result<std::unique_ptr<Producer>> make_producer(const ProducerOptions& options) = 0;
  virtual Result<std::unique_ptr<Admin>> make_admin(const AdminOptions& options) = 0;
};

struct MembershipOptions {
  std::string group_id;
  std::string client_id;
  std::string process_id;  // one a process; kept across restarts
  std::string
      member_id;  // `<process id>-<thread index>`: kept too, so a restart gets its tasks back
  std::chrono::milliseconds rebalance_timeout{300'000};
  ClientSettings settings;
  // Called from the membership worker when poll() has something new.
  std::function<void()> on_event;
};

// The group of one application in one process: one membership worker, a member per stream thread.
class MOLDAU_EXPORT Memberships {
 public:
  virtual ~Memberships();
  virtual Result<std::unique_ptr<GroupMembership>> make_member(
      const MembershipOptions& options) = 0;
  // Tells the group that these members will not come back: a process that starts with fewer threads
  // than last time says so, or their tasks would wait for a session to end. Members that the group
  // does not know are fine.
  virtual Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                           std::chrono::milliseconds timeout) = 0;
  // Members of the group that leave from now on do not tell it, if it would keep their tasks for
  // them: they come back under their ids, or the tasks move when their sessions end. Members of
  // streams groups always leave, so nothing happens there; nor in an implementation that has no
  // other groups. Any thread.
  virtual void hold_places(const std::string& group_id);
  // Makes the brokers forget the topology of a streams group, which stays with the group after its
  // members have left. Offsets stay too. Permanent, ErrorCode::invalid_state, if it has members; a
  // group without a topology is fine.
  virtual Status forget_topology(const std::string& group_id,
                                 std::chrono::milliseconds timeout) = 0;
};

}  // namespace moldau::inline v0::kafka
