#include "runtime/stream_task.h"

#include "moldau/base/assert.h"
#include "moldau/processor/source.h"

#include "runtime/fault.h"
#include "runtime/task_signals.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

std::vector<std::unique_ptr<processor::Node>> make_nodes(const TaskPlan& plan,
                                                         const ProcessorWrapper& wrapper) {
  std::vector<std::unique_ptr<processor::Node>> nodes;
  nodes.reserve(plan.nodes.size());
  for (const topology::NodeSpec* spec : plan.nodes) {
    nodes.push_back(spec->factory->make(spec->name));
    if (wrapper != nullptr && spec->kind == topology::NodeKind::processor) {
      nodes.back()->wrap(wrapper(spec->name));
    }
  }
  return nodes;
}

}  // namespace

StreamTask::StreamTask(TaskPlan plan, const TaskServices& services)
    : services_(services),
      plan_(std::move(plan)),
      nodes_(make_nodes(plan_, services.processor_wrapper)),
      stores_(plan_, services, *this),
      queues_(make_inputs(), services.idle, *this),
      committed_(plan_.inputs.size()),
      drops_(plan_.id, services.thread_name, services.metrics, services.logger, services.clock) {
  connect_nodes();
}

StreamTask::~StreamTask() { close(); }

std::vector<RecordQueues::Input> StreamTask::make_inputs() {
  std::vector<RecordQueues::Input> inputs;
  inputs.reserve(plan_.inputs.size());
  for (const TaskPlan::Input& input : plan_.inputs) {
    const auto spec = std::ranges::find(plan_.nodes, input.source);
    processor::Node& node = *nodes_[static_cast<std::size_t>(spec - plan_.nodes.begin())];
    auto* source = dynamic_cast<processor::SourceNodeBase*>(&node);
    MOLDAU_ASSERT(source != nullptr);
    inputs.push_back({input.partition, source->make_slot()});
  }
  return inputs;
}

void StreamTask::connect_nodes() {
  std::unordered_map<std::string_view, processor::Node*> by_name;
  for (const auto& node : nodes_) by_name.emplace(node->name(), node.get());
  // Children are attached in the order in which the nodes were written: forwarding follows it.
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const std::string& parent : plan_.nodes[i]->parents) {
      by_name.at(parent)->connect(*nodes_[i]);
    }
  }
}

void StreamTask::close_files() {
  MOLDAU_ASSERT(started_nodes_ == 0);
  stores_.close_files();
}

void StreamTask::start() {
  for (; started_nodes_ < nodes_.size(); ++started_nodes_) nodes_[started_nodes_]->init(*this);
}

std::unique_ptr<StreamTask> StreamTask::remade() {
  TaskClaim claim = stores_.take_claim();
  close();
  auto made = std::make_unique<StreamTask>(plan_, services_);
  made->committed_ = committed_;
  for (std::size_t i = 0; i < committed_.size(); ++i) {
    made->queues_.start_at(i, committed_[i].next, committed_[i].partition_time);
  }
  made->numbers_ = made->committed_numbers_ = committed_numbers_;
  made->open_stores(std::move(claim));
  return made;
}

void StreamTask::start_at(std::size_t input, std::optional<Offset> offset,
                          const OffsetMetadata& metadata) {
  committed_[input] = {.next = offset, .partition_time = metadata.partition_time};
  queues_.start_at(input, offset, metadata.partition_time);
  // Every input carries the same map; the newest value of each key wins.
  for (const auto& [key, value] : metadata.processor_metadata) {
    auto [entry, fresh] = numbers_.try_emplace(key, value);
    if (!fresh) entry->second = std::max(entry->second, value);
  }
  committed_numbers_ = numbers_;
}

void StreamTask::add(std::size_t input, std::vector<kafka::FetchedRecord>& records) {
  if (records.empty()) return;
  started_at(input, records.front().offset());
  queues_.add(input, records);
}

// Where the reset policy has taken an input without a committed offset: from here a rollback
// starts.
void StreamTask::started_at(std::size_t input, Offset offset) {
  if (!committed_[input].next) committed_[input].next = offset;
}

void StreamTask::reached(std::size_t input, Offset position) {
  started_at(input, position);
  queues_.reached(input, position);
  // Control records at the end of a partition are behind us too, once nothing is left before them.
  if (queues_.buffered(input) == 0 && committed_[input].next != queues_.next_offset(input)) {
    commit_needed_ = true;
  }
}

bool StreamTask::process_one() {
  const std::optional<RecordQueues::Head> head = queues_.take();
  if (!head) return false;
  commit_needed_ = true;
  current_.raw = head->record->view();
  current_.metadata = metadata_of(head->input, current_.raw.offset);
  head->slot->process(head->timestamp);
  queues_.done();
  if (punctuations_.any_due(PunctuationType::stream_time, stream_time())) {
    run_punctuations(PunctuationType::stream_time, stream_time());
  }
  return true;
}

bool StreamTask::punctuate(Timestamp wall_now) {
  return punctuations_.any_due(PunctuationType::wall_clock_time, wall_now) &&
         run_punctuations(PunctuationType::wall_clock_time, wall_now);
}

bool StreamTask::run_punctuations(PunctuationType type, Timestamp now) {
  const bool ran = punctuations_.run_due(
      type, now, [&](const processor::Node& node, const Punctuator& punctuator) {
        current_ = {};  // a punctuation comes from no record
        try {
          punctuator(now);
        } catch (...) {
          failed(node, now, no_headers());
        }
      });
  commit_needed_ = commit_needed_ || ran;
  return ran;
}

void StreamTask::flush_caches() {
  current_ = {};  // no input record is being processed, and the last one's bytes are gone
  stores_.flush_caches();
}

std::vector<kafka::CommittedOffset> StreamTask::begin_commit() {
  std::vector<kafka::CommittedOffset> offsets;
  committing_ = committed_;
  committing_numbers_ = numbers_;
  commit_needed_ = false;
  commit_requested_ = false;
  for (std::size_t input = 0; input < queues_.inputs(); ++input) {
    const std::optional<Offset> next = queues_.next_offset(input);
    const Timestamp time = queues_.partition_time(input);
    if (!next || (next == committed_[input].next && time == committed_[input].partition_time)) {
      continue;
    }
    committing_[input] = {.next = next, .partition_time = time};
    offsets.push_back(offset_of(input, committing_[input]));
  }
  return offsets;
}

std::vector<kafka::CommittedOffset> StreamTask::known_offsets() const {
  std::vector<kafka::CommittedOffset> offsets;
  for (std::size_t input = 0; input < committed_.size(); ++input) {
    if (committed_[input].next) offsets.push_back(offset_of(input, committed_[input]));
  }
  return offsets;
}

kafka::CommittedOffset StreamTask::offset_of(std::size_t input, const CommittedInput& at) const {
  return {
      queues_.partition(input), MOLDAU_MUTATION("offset-of-last-record") ? *at.next - 1 : *at.next,
      encode(OffsetMetadata{.partition_time = at.partition_time, .processor_metadata = numbers_})};
}

std::optional<std::size_t> StreamTask::input_of(const TopicPartition& partition) const {
  const auto found = std::ranges::find(
      plan_.inputs, partition, [](const TaskPlan::Input& input) { return input.partition; });
  if (found == plan_.inputs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - plan_.inputs.begin());
}

void StreamTask::commit_stores(const AckedOffsets& acked) {
  const auto next_offset = [this](const TopicPartition& partition) {
    const std::optional<std::size_t> input = input_of(partition);
    return input ? queues_.next_offset(*input) : std::nullopt;
  };
  stores_.commit(acked, next_offset, owned_at_);
}

void StreamTask::end_commit() {
  committed_ = committing_;
  committed_numbers_ = committing_numbers_;
}

void StreamTask::rollback() {
  if (!MOLDAU_MUTATION("overlay-kept-after-abort")) stores_.rollback();
  numbers_ = committed_numbers_;
  for (std::size_t i = 0; i < started_nodes_; ++i) nodes_[i]->rolled_back();
  queues_.clear();
  for (std::size_t input = 0; input < queues_.inputs(); ++input) {
    queues_.start_at(input, committed_[input].next, committed_[input].partition_time);
  }
  commit_needed_ = false;
}

std::optional<Offset> StreamTask::start_offset(std::size_t input) const {
  return committed_[input].next;
}

void StreamTask::close() noexcept {
  for (std::size_t i = 0; i < started_nodes_; ++i) {
    try {
      nodes_[i]->close();
    } catch (...) {
      services_.logger->warning("task " + to_string(plan_.id) + ", node \"" + nodes_[i]->name() +
                                "\": closing it failed: " + describe(std::current_exception()));
    }
  }
  started_nodes_ = 0;
  punctuations_ = {};
  nodes_.clear();
  stores_.close();
}

std::string_view StreamTask::application_id() const { return services_.application_id; }

state::StateStore& StreamTask::store(std::string_view name) {
  if (state::StateStore* own = stores_.find(name)) return *own;
  if (services_.globals != nullptr) {
    if (state::StateStore* global = services_.globals->find(name)) return *global;
  }
  throw TopologyError("task " + to_string(plan_.id) + " has no store \"" + std::string{name} +
                      "\"");
}

state::StateStore& StreamTask::store_of(const processor::Node& node, std::string_view name) {
  const auto spec = std::ranges::find_if(plan_.nodes, [&node](const topology::NodeSpec* planned) {
    return planned->name == node.name();
  });
  MOLDAU_ASSERT(spec != plan_.nodes.end());
  const topology::StorePlan* plan = plan_.topology->find_store(name);
  if (plan == nullptr) {
    throw TopologyError("\"" + node.name() + "\" opens the store \"" + std::string{name} +
                        "\", which has not been added");
  }
  if (!plan->global && std::ranges::count((*spec)->stores, name) == 0) {
    throw TopologyError("\"" + node.name() + "\" opens the store \"" + std::string{name} +
                        "\", which is not connected to it: name the store where the processor is "
                        "added");
  }
  return store(name);
}

const state::StoreSerdes* StreamTask::store_serdes(std::string_view name) const {
  const topology::StorePlan* store = plan_.topology->find_store(name);
  return store == nullptr ? nullptr : store->serdes.get();
}

std::string StreamTask::state_dir() const {
  return (services_.state_dir / to_string(plan_.id)).string();
}

processor::PunctuationId StreamTask::schedule(const processor::Node& node, PunctuationType type,
                                              std::optional<Timestamp> start,
                                              std::chrono::milliseconds interval,
                                              Punctuator punctuator) {
  const Timestamp now =
      type == PunctuationType::stream_time ? stream_time() : services_.clock.wall();
  return punctuations_.add(type, now, start, interval, {&node, std::move(punctuator)});
}

void StreamTask::cancel_punctuation(processor::PunctuationId punctuation) {
  punctuations_.cancel(punctuation);
}

processor::Node& StreamTask::node(std::string_view name) {
  for (const std::unique_ptr<processor::Node>& node : nodes_) {
    if (node->name() == name) return *node;
  }
  throw TopologyError("task " + to_string(plan_.id) + " has no node \"" + std::string{name} + "\"");
}

std::optional<std::int64_t> StreamTask::committed_number(std::string_view key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? std::nullopt : std::optional{found->second};
}

void StreamTask::commit_number(std::string_view key, std::int64_t value) {
  const auto found = numbers_.find(key);
  if (found == numbers_.end()) {
    numbers_.emplace(std::string{key}, value);
  } else {
    found->second = value;
  }
}

std::string StreamTask::full_topic_name(std::string_view topic) const {
  return runtime::full_topic_name(*plan_.topology, services_.application_id, topic);
}

TimestampPolicy StreamTask::default_timestamp_policy() const { return services_.timestamp_policy; }

void StreamTask::drop(const processor::Node& node, std::string_view reason) {
  drops_.drop(node.name(), current_.metadata, reason);
}

void StreamTask::dropped(std::string_view store, std::string_view reason) {
  drops_.drop(std::string{store}, current_.metadata, reason);
}

void StreamTask::failed(const processor::Node& node, Timestamp timestamp, const Headers& headers) {
  try {
    throw;
  } catch (const TaskFailed&) {
    throw;
  } catch (const TaskSignal&) {
    throw;
  } catch (const StateStoreError&) {
    throw;
  } catch (...) {
    services_.errors.processing_failed(error_context(node.name(), timestamp, headers));
    drops_.count();
  }
}

void StreamTask::serialization_failed(const processor::Node& node, std::string_view topic,
                                      Timestamp timestamp, const Headers& headers) {
  services_.errors.serialization_failed(error_context(node.name(), timestamp, headers), topic);
  drops_.count();
}

void StreamTask::undecodable(std::size_t input, const RawRecord& record) {
  commit_needed_ = true;  // its offset moves on
  current_.raw = record;
  current_.metadata = metadata_of(input, record.offset);
  services_.errors.undecodable(
      error_context(plan_.inputs[input].source->name, record.timestamp, *record.headers));
  drops_.count();
}

void StreamTask::without_time(std::size_t input, const RawRecord& record, Timestamp timestamp) {
  commit_needed_ = true;
  drops_.drop(plan_.inputs[input].source->name, metadata_of(input, record.offset),
              "its timestamp is negative (" + std::to_string(timestamp.milliseconds()) + ")");
}

void StreamTask::extractor_failed(std::size_t input, const RawRecord& record) {
  current_.raw = record;
  current_.metadata = metadata_of(input, record.offset);
  std::throw_with_nested(TaskFailed(
      place(error_context(plan_.inputs[input].source->name, record.timestamp, *record.headers)) +
      ": no timestamp: " + describe(std::current_exception())));
}

RecordMetadata StreamTask::metadata_of(std::size_t input, Offset offset) const {
  const TopicPartition& partition = queues_.partition(input);
  return {.topic = partition.topic, .partition = partition.partition, .offset = offset};
}

ErrorContext StreamTask::error_context(std::string_view node, Timestamp timestamp,
                                       const Headers& headers) const {
  return {.metadata = current_.metadata,
          .timestamp = timestamp,
          .headers = &headers,
          .node = node,
          .task = plan_.id,
          .source_key = current_.raw.key,
          .source_value = current_.raw.value};
}

}  // namespace moldau::inline v0::runtime
