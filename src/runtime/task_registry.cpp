#include "runtime/task_registry.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <utility>

namespace moldau::inline v0::runtime {

TaskRegistry::TaskRegistry(Services services, Options options)
    : services_(std::move(services)), options_(options) {
  restored_.wake = services_.wake_thread;
}

TaskRegistry::~TaskRegistry() = default;

kafka::TaskSet TaskRegistry::owned() const {
  kafka::TaskSet owned{restoring_.begin(), restoring_.end()};
  for (const auto& task : created_) owned.insert(task->id());
  for (const auto& task : running_) owned.insert(task->id());
  return owned;
}

bool TaskRegistry::all_running() const noexcept { return created_.empty() && restoring_.empty(); }

Status TaskRegistry::create(const kafka::TaskSet& tasks, std::chrono::milliseconds timeout) {
  Result<Tasks> made = services_.maker.make(tasks, timeout);
  if (!made) return made.error();
  std::ranges::move(*made, std::back_inserter(created_));
  question_is_old_ = true;
  return {};
}

bool TaskRegistry::recall(const kafka::TaskSet& tasks) {
  bool here = true;
  for (const TaskId id : restoring_) {
    if (!tasks.contains(id)) continue;
    services_.restorer.recall(id);
    here = false;
  }
  if (here) return true;
  services_.wake_restorer();
  for (RestoredTask& restored : restored_.finished.take()) {
    // It is about to be closed or restored again: how far it came is in its stores.
    std::erase(restoring_, restored.task->id());
    created_.push_back(std::move(restored.task));
  }
  return std::ranges::none_of(restoring_, [&](TaskId id) { return tasks.contains(id); });
}

void TaskRegistry::close(const kafka::TaskSet& tasks) {
  const auto leaves = [&](const std::unique_ptr<StreamTask>& task) {
    return tasks.contains(task->id());
  };
  for (const auto& task : running_) {
    if (leaves(task)) stop(*task);
  }
  std::erase_if(running_, leaves);
  std::erase_if(created_, leaves);
  refresh_view();
}

Status TaskRegistry::load(kafka::Consumer& consumer, std::chrono::milliseconds timeout) {
  if (std::exchange(question_is_old_, false)) consumer.forget_question();
  while (!created_.empty()) {
    StreamTask& task = *created_.back();
    if (Status status = load_one(task, consumer, timeout); !status) return status;
    const bool restores = std::ranges::any_of(task.stores(), [](const StreamTask::Store& store) {
      return store.plan->changelog.has_value();
    });
    std::unique_ptr<StreamTask> loaded = std::move(created_.back());
    created_.pop_back();
    if (restores) {
      submit(std::move(loaded));
    } else {
      run(std::move(loaded));
    }
  }
  return {};
}

Status TaskRegistry::load_one(StreamTask& task, kafka::Consumer& consumer,
                              std::chrono::milliseconds timeout) {
  std::vector<TopicPartition> partitions;
  for (const TaskPlan::Input& input : task.plan().inputs) partitions.push_back(input.partition);
  const Result<std::vector<kafka::CommittedOffset>> committed =
      consumer.committed(partitions, timeout);
  if (!committed) return committed.error();
  std::map<TopicPartition, const kafka::CommittedOffset*> by_partition;
  for (const kafka::CommittedOffset& offset : *committed) {
    by_partition.emplace(offset.partition, &offset);
  }
  for (std::size_t input = 0; input < partitions.size(); ++input) {
    const auto found = by_partition.find(partitions[input]);
    if (found == by_partition.end()) {
      // A task that has been running goes back to where it began: its consumer is further on, and
      // the reset policy might choose another place now.
      if (!task.start_offset(input)) task.start_at(input, std::nullopt, {});
      continue;
    }
    bool understood = true;
    const OffsetMetadata metadata = decode_offset_metadata(found->second->metadata, &understood);
    if (!understood) {
      services_.tasks.logger->warning(
          "task " + to_string(task.id()) + ", " + to_string(partitions[input]) +
          ": the committed offset's metadata was not written by Kafka Streams or this library; the "
          "partition time starts unknown");
    }
    task.start_at(input, found->second->next, metadata);
  }
  return {};
}

void TaskRegistry::take_restored() {
  std::exception_ptr failed;
  for (RestoredTask& restored : restored_.finished.take()) {
    std::erase(restoring_, restored.task->id());
    if (restored.failed != nullptr) {
      created_.push_back(std::move(restored.task));
      failed = restored.failed;
    } else if (!restored.rebuild.empty()) {
      rebuild(std::move(restored));
    } else if (restored.complete) {
      run(std::move(restored.task));
    } else {
      created_.push_back(std::move(restored.task));
    }
  }
  // Not before all are where close() finds them.
  if (failed != nullptr) std::rethrow_exception(failed);
}

void TaskRegistry::rebuild(RestoredTask restored) {
  std::unique_ptr<StreamTask> task = std::move(restored.task);
  if (task->started()) {
    // It has been running, so its nodes know the stores that go.
    const StreamTask::Store* first = task->stores().data();
    std::unique_ptr<StreamTask> other = task->remade();
    for (StreamTask::Store*& store : restored.rebuild)
      store = &other->stores()[static_cast<std::size_t>(store - first)];
    task = std::move(other);
  }
  for (StreamTask::Store* store : restored.rebuild) task->rebuild_store(*store);
  submit(std::move(task));
}

void TaskRegistry::submit(std::unique_ptr<StreamTask> task) {
  restoring_.push_back(task->id());
  services_.restorer.submit(std::move(task), restored_);
  services_.wake_restorer();
}

void TaskRegistry::run(std::unique_ptr<StreamTask> task) {
  StreamTask& started = *task;
  running_.push_back(std::move(task));
  refresh_view();
  started.start();
  const std::vector<TaskPlan::Input>& inputs = started.plan().inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs_.insert_or_assign(inputs[i].partition, InputState{.task = &started, .input = i});
  }
  assignment_changed_ = true;
}

void TaskRegistry::stop(StreamTask& task) {
  std::erase_if(inputs_, [&task](const auto& entry) { return entry.second.task == &task; });
  assignment_changed_ = true;
}

void TaskRegistry::refresh_view() {
  running_view_.clear();
  for (const auto& task : running_) running_view_.push_back(task.get());
}

Status TaskRegistry::assign(kafka::Consumer& consumer) {
  if (!assignment_changed_) return {};
  std::vector<kafka::PartitionPosition> positions;
  positions.reserve(inputs_.size());
  for (const auto& [partition, state] : inputs_) {
    kafka::PartitionPosition position{.partition = partition, .offset = {}, .reset = {}};
    position.reset = reset_of(*state.task->plan().inputs[state.input].source);
    if (!state.assigned) position.offset = state.task->start_offset(state.input);
    positions.push_back(std::move(position));
  }
  // A partition that is new to the consumer and has no committed offset comes without one too:
  // there is nothing it could go on from, so it starts where the reset policy says.
  if (Status status = consumer.assign(positions); !status) return status;
  std::vector<TopicPartition> fresh;
  for (auto& [partition, state] : inputs_) {
    if (std::exchange(state.assigned, true)) continue;
    state.paused = false;
    fresh.push_back(partition);
  }
  // The consumer may have had it before, and paused.
  if (!fresh.empty()) consumer.resume(fresh);
  assignment_changed_ = false;
  return {};
}

kafka::OffsetReset TaskRegistry::reset_of(const topology::NodeSpec& source) const {
  switch (source.reset) {
    case topology::AutoOffsetReset::from_config:
      return options_.reset;
    case topology::AutoOffsetReset::earliest:
      return kafka::OffsetReset::earliest;
    case topology::AutoOffsetReset::latest:
      return kafka::OffsetReset::latest;
    case topology::AutoOffsetReset::none:
      return kafka::OffsetReset::error;
  }
  return options_.reset;
}

void TaskRegistry::distribute(kafka::Consumer& consumer, kafka::Polled& polled) {
  for (kafka::PartitionBatch& batch : polled.batches) {
    const auto found = inputs_.find(batch.partition);
    if (found == inputs_.end()) continue;  // given away since it was fetched
    InputState& state = found->second;
    state.task->add(state.input, batch.records);
    if (const std::optional<Offset> end = consumer.known_end(batch.partition)) {
      state.task->known_end(state.input, *end);
    }
  }
  for (const kafka::PartitionEvent& event : polled.events) {
    const auto found = inputs_.find(event.partition);
    if (found == inputs_.end()) continue;
    const InputState& state = found->second;
    switch (event.kind) {
      case kafka::PartitionEvent::Kind::end_of_partition:
        state.task->reached(state.input, event.position);
        break;
      case kafka::PartitionEvent::Kind::offset_out_of_range:
        no_position(state, event);
      case kafka::PartitionEvent::Kind::error:
        if (event.status.retriable()) {
          services_.tasks.logger->warning(to_string(event.partition) + ": " +
                                          std::string{event.status.message()});
        } else {
          throw StreamsError("task " + to_string(state.task->id()) + ", " +
                             to_string(event.partition) +
                             " cannot be read: " + std::string{event.status.message()});
        }
        break;
    }
  }
}

void TaskRegistry::no_position(const InputState& input, const kafka::PartitionEvent& event) const {
  const std::optional<Offset> committed = input.task->start_offset(input.input);
  std::string message =
      "task " + to_string(input.task->id()) + ", " + to_string(event.partition) + ": ";
  message += committed ? "committed offset " + std::to_string(committed->value()) +
                             " is not in the log any more"
                       : "the group has no committed offset";
  message += ", and auto.offset.reset=none forbids to choose one";
  if (!event.status.ok()) message += " (" + std::string{event.status.message()} + ")";
  message +=
      ". Set auto.offset.reset to earliest or latest, or commit an offset for the group by hand";
  throw StreamsError(message);
}

void TaskRegistry::balance(kafka::Consumer& consumer) {
  std::vector<TopicPartition> pause;
  std::vector<TopicPartition> resume;
  for (auto& [partition, state] : inputs_) {
    const bool full = state.task->buffered(state.input) > options_.buffered_records;
    if (full == state.paused) continue;
    state.paused = full;
    (full ? pause : resume).push_back(partition);
  }
  if (!pause.empty()) consumer.pause(pause);
  if (!resume.empty()) consumer.resume(resume);
}

std::vector<kafka::PartitionPosition> TaskRegistry::purgeable() const {
  std::vector<kafka::PartitionPosition> positions;
  for (const auto& [partition, state] : inputs_) {
    const topology::NodeSpec& source = *state.task->plan().inputs[state.input].source;
    // A repartition topic is the only topic of its source.
    const std::optional<Offset> committed = state.task->start_offset(state.input);
    if (committed && services_.topology->find_repartition_topic(source.topics.front()) != nullptr) {
      positions.push_back({.partition = partition, .offset = committed});
    }
  }
  return positions;
}

void TaskRegistry::rollback() {
  for (StreamTask* task : running_view_) task->rollback();
  for (auto& [partition, state] : inputs_) state.assigned = false;
  assignment_changed_ = true;
}

void TaskRegistry::reload() {
  rollback();
  inputs_.clear();
  std::ranges::move(running_, std::back_inserter(created_));
  running_.clear();
  question_is_old_ = true;
  refresh_view();
}

}  // namespace moldau::inline v0::runtime
