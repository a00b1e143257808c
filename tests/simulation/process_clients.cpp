#include "simulation/process_clients.h"

#include "runtime/fault.h"
#include "simulation/client_mistakes.h"

#include <map>
#include <optional>

namespace moldau::simulation {

namespace {

constexpr std::chrono::milliseconds at_once{0};

Status gone() {
  return {ErrorCode::transport, "the process has died", Status::Kind{.fatal = true}};
}

}  // namespace

class Process::Member final : public kafka::GroupMembership {
 public:
  Member(Process& process, std::unique_ptr<GroupMembership> below,
         const kafka::MembershipOptions& options)
      : process_(process),
        open_(process),
        below_(std::move(below)),
        id_(options.member_id),
        client_id_(options.client_id) {
    process_.members_.insert(id_);
    process_.members_by_client_.insert_or_assign(client_id_, this);
  }
  ~Member() override { process_.members_by_client_.erase(client_id_); }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  Status join(const kafka::Subscription& subscription) override {
    if (process_.dead_) return gone();
    process_.around_.watch.joined(process_, subscription);
    return below_->join(subscription);
  }
  std::vector<kafka::MembershipEvent> poll() override {
    if (process_.dead_) return {};
    return below_->poll();
  }
  void acknowledge(const kafka::OwnedTasks& owned) override {
    if (process_.dead_) return;
    acknowledged_ = owned;
    process_.around_.watch.acknowledged(process_, id_, owned);
    below_->acknowledge(owned);
  }
  [[nodiscard]] kafka::MemberSnapshot snapshot() const override { return below_->snapshot(); }
  Status commit(std::span<const kafka::CommittedOffset> offsets, const kafka::MemberSnapshot& as,
                std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    Status status = below_->commit(offsets, as, at_once);
    if (status.ok()) process_.around_.watch.offsets_taken(process_, offsets, acknowledged_);
    return status;
  }
  void ask_for_shutdown() override {
    if (!process_.dead_) below_->ask_for_shutdown();
  }
  Status leave(std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->leave(at_once);
  }

  [[nodiscard]] const kafka::OwnedTasks& last_acknowledged() const noexcept {
    return acknowledged_;
  }

 private:
  Process& process_;
  OpenClient open_;
  std::unique_ptr<GroupMembership> below_;
  std::string id_;
  std::string client_id_;
  kafka::OwnedTasks acknowledged_;
};

std::size_t Process::active_tasks() const {
  std::size_t tasks = 0;
  for (const auto& [client_id, member] : members_by_client_) {
    tasks += member->last_acknowledged().active.size();
  }
  return tasks;
}

class Process::Consumer final : public kafka::Consumer {
 public:
  Consumer(Process& process, std::unique_ptr<kafka::Consumer> below, kafka::ConsumerOptions options)
      : process_(process),
        open_(process),
        below_(std::move(below)),
        client_id_(options.client_id),
        unstable_(process.around_.clients, std::move(options)) {}

  Status assign(std::span<const kafka::PartitionPosition> partitions) override {
    if (process_.dead_) return gone();
    Status status = below_->assign(partitions);
    const auto member = process_.members_by_client_.find(client_id_);
    if (status.ok() && member != process_.members_by_client_.end()) {
      process_.around_.watch.starts_reading(process_, partitions, member->second->snapshot());
    }
    return status;
  }
  void pause(std::span<const TopicPartition> partitions) override {
    if (!process_.dead_) below_->pause(partitions);
  }
  void resume(std::span<const TopicPartition> partitions) override {
    if (!process_.dead_) below_->resume(partitions);
  }
  Status poll(std::chrono::milliseconds /*timeout*/, kafka::Polled& into) override {
    return process_.dead_ ? gone() : below_->poll(at_once, into);
  }
  Result<std::vector<kafka::CommittedOffset>> committed(
      std::span<const TopicPartition> partitions, std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    if (MOLDAU_MUTATION("no-stable-offsets")) {
      return unstable_.committed(partitions, at_once);
    }
    return below_->committed(partitions, at_once);
  }
  void forget_question() override {
    if (!process_.dead_) below_->forget_question();
  }
  [[nodiscard]] std::optional<Offset> known_end(const TopicPartition& partition) const override {
    return below_->known_end(partition);
  }
  void wake() override {
    if (!process_.dead_) below_->wake();
  }

 private:
  Process& process_;
  OpenClient open_;
  std::unique_ptr<kafka::Consumer> below_;
  std::string client_id_;
  UnstableOffsets unstable_;
};

class Process::Producer final : public kafka::Producer {
 public:
  Producer(Process& process, std::unique_ptr<kafka::Producer> below,
           const kafka::ProducerOptions& options)
      : process_(process),
        open_(process),
        below_(std::move(below)),
        log_ends_(process.around_.clients, options) {
    // Named as the consumer of the same thread.
    thread_ = options.client_id.substr(0, options.client_id.rfind("-producer"));
  }

  TopicHandle topic(std::string_view name, bool track_acks) override {
    const TopicHandle handle = below_->topic(name, track_acks);
    log_ends_.named(handle, name);
    return handle;
  }
  Result<std::int32_t> partitions(TopicHandle topic,
                                  std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    return below_->partitions(topic, at_once);
  }
  Status send(const OutgoingRecord& record) override {
    if (process_.dead_) return gone();
    process_.around_.watch.reached(process_, "send");
    return below_->send(record);
  }
  kafka::Deliveries take_deliveries() override {
    kafka::Deliveries deliveries = below_->take_deliveries();
    if (MOLDAU_MUTATION("position-is-log-end")) log_ends_.report(deliveries, at_once);
    return deliveries;
  }
  Status flush(std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->flush(at_once);
  }
  Status init_transactions(std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->init_transactions(at_once);
  }
  Status begin_transaction() override {
    if (process_.dead_) return gone();
    log_ends_.begun();
    return below_->begin_transaction();
  }
  Status add_offsets(std::string_view group, std::span<const kafka::CommittedOffset> offsets,
                     const kafka::MemberSnapshot& as,
                     std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    Status status = below_->add_offsets(group, offsets, as, at_once);
    const auto member = process_.members_by_client_.find(thread_ + "-consumer");
    if (status.ok() && member != process_.members_by_client_.end()) {
      process_.around_.watch.offsets_taken(process_, offsets, member->second->last_acknowledged());
    }
    return status;
  }
  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds /*timeout*/) override {
    return end(true);
  }
  Result<kafka::TransactionEnd> abort_transaction(std::chrono::milliseconds /*timeout*/) override {
    return end(false);
  }
  void purge() override { below_->purge(); }

 private:
  Result<kafka::TransactionEnd> end(bool commit) {
    if (process_.dead_) return gone();
    Result<kafka::TransactionEnd> ended =
        commit ? below_->commit_transaction(at_once) : below_->abort_transaction(at_once);
    if (!ended) return ended;
    process_.around_.watch.transaction_ended(process_, commit);
    if (commit) log_ends_.committed();
    // The broker has decided, and nobody here knows yet.
    if (commit) process_.around_.watch.reached(process_, "end_txn");
    return ended;
  }

  Process& process_;
  OpenClient open_;
  std::unique_ptr<kafka::Producer> below_;
  std::string thread_;
  LogEnds log_ends_;
};

class Process::Admin final : public kafka::Admin {
 public:
  Admin(Process& process, std::unique_ptr<kafka::Admin> below)
      : process_(process), open_(process), below_(std::move(below)) {}

  Result<std::vector<kafka::TopicDescription>> describe_topics(
      std::span<const std::string> topics, std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    return below_->describe_topics(topics, at_once);
  }
  Result<std::vector<std::string>> list_topics(std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    return below_->list_topics(at_once);
  }
  Status create_topics(std::span<const kafka::NewTopic> topics,
                       std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->create_topics(topics, at_once);
  }
  Status delete_topics(std::span<const std::string> topics,
                       std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->delete_topics(topics, at_once);
  }
  Status delete_records(std::span<const kafka::PartitionPosition> before,
                        std::chrono::milliseconds /*timeout*/) override {
    return process_.dead_ ? gone() : below_->delete_records(before, at_once);
  }
  Result<std::vector<kafka::OffsetRange>> list_offsets(
      std::span<const TopicPartition> partitions, kafka::Isolation isolation,
      std::chrono::milliseconds /*timeout*/) override {
    if (process_.dead_) return gone();
    return below_->list_offsets(partitions, isolation, at_once);
  }

 private:
  Process& process_;
  OpenClient open_;
  std::unique_ptr<kafka::Admin> below_;
};

Result<std::unique_ptr<kafka::Consumer>> Process::Clients::make_consumer(
    const kafka::ConsumerOptions& options) {
  if (process_.dead_) return gone();
  auto below = process_.around_.clients.make_consumer(options);
  if (!below) return below.error();
  return std::unique_ptr<kafka::Consumer>{
      std::make_unique<Consumer>(process_, *std::move(below), options)};
}

Result<std::unique_ptr<kafka::Producer>> Process::Clients::make_producer(
    const kafka::ProducerOptions& options) {
  if (process_.dead_) return gone();
  auto below = process_.around_.clients.make_producer(options);
  if (!below) return below.error();
  if (!options.transactional_id.empty()) {
    process_.transactional_ids_.insert(options.transactional_id);
  }
  return std::unique_ptr<kafka::Producer>{
      std::make_unique<Producer>(process_, *std::move(below), options)};
}

Result<std::unique_ptr<kafka::Admin>> Process::Clients::make_admin(
    const kafka::AdminOptions& options) {
  if (process_.dead_) return gone();
  auto below = process_.around_.clients.make_admin(options);
  if (!below) return below.error();
  return std::unique_ptr<kafka::Admin>{std::make_unique<Admin>(process_, *std::move(below))};
}

Result<std::unique_ptr<kafka::GroupMembership>> Process::Members::make_member(
    const kafka::MembershipOptions& options) {
  if (process_.dead_) return gone();
  auto below = process_.around_.memberships.make_member(options);
  if (!below) return below.error();
  return std::unique_ptr<kafka::GroupMembership>{
      std::make_unique<Member>(process_, *std::move(below), options)};
}

Status Process::Members::leave_for(const std::string& group_id,
                                   std::span<const std::string> member_ids,
                                   std::chrono::milliseconds /*timeout*/) {
  return process_.dead_ ? gone()
                        : process_.around_.memberships.leave_for(group_id, member_ids, at_once);
}

Status Process::Members::forget_topology(const std::string& group_id,
                                         std::chrono::milliseconds /*timeout*/) {
  return process_.dead_ ? gone() : process_.around_.memberships.forget_topology(group_id, at_once);
}

}  // namespace moldau::simulation
