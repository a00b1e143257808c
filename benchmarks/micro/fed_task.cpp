#include "micro/fed_task.h"

#include "moldau/base/clock.h"

#include "state/open_store.h"

#include <algorithm>
#include <utility>

namespace benchmarks {

namespace {

constexpr std::size_t batch_size = 500;

}  // namespace

void Loop::keep(const moldau::OutgoingRecord& record) {
  const auto append = [this](const std::optional<moldau::Bytes>& bytes) {
    if (!bytes) return std::optional<std::size_t>{};
    filling_.insert(filling_.end(), bytes->data(), bytes->data() + bytes->size());
    return std::optional{bytes->size()};
  };
  const auto key = append(record.key);
  const auto value = append(record.value);
  kept_.push_back({key, value, record.timestamp.value_or(moldau::Timestamp{0})});
}

void Loop::take(std::vector<moldau::kafka::FetchedRecord>& into) {
  std::swap(filling_, taken_);
  filling_.clear();
  const std::byte* at = taken_.data();
  const auto view = [&at](const std::optional<std::size_t>& size) {
    if (!size) return std::optional<moldau::Bytes>{};
    const moldau::Bytes bytes{at, *size};
    at += *size;
    return std::optional{bytes};
  };
  for (const Kept& record : kept_) {
    const auto key = view(record.key_size);
    const auto value = view(record.value_size);
    into.emplace_back(
        moldau::RawRecord{
            .key = key, .value = value, .timestamp = record.timestamp, .offset = next_},
        moldau::Headers{}, nullptr, [](void*) noexcept {});
    next_ = next_ + 1;
  }
  kept_.clear();
}

moldau::TopicHandle FedTask::SummingSink::topic(std::string_view name) {
  const auto known = std::ranges::find(names, name);
  if (known == names.end()) {
    names.emplace_back(name);
    loops.push_back(nullptr);
    return moldau::TopicHandle{static_cast<std::int32_t>(names.size() - 1)};
  }
  return moldau::TopicHandle{static_cast<std::int32_t>(known - names.begin())};
}

void FedTask::SummingSink::send(const moldau::OutgoingRecord& record) {
  if (Loop* loop = loops[static_cast<std::size_t>(record.topic.value())]) loop->keep(record);
  if (record.key) bytes += record.key->size();
  if (record.value) bytes += record.value->size();
  ++last;
}

std::optional<moldau::Offset> FedTask::SummingSink::acked(moldau::TopicHandle,
                                                          moldau::PartitionId) const {
  return last;
}

FedTask::Stores::Stores(std::size_t cache_bytes)
    : storage_(moldau::state::make_rocksdb_storage()),
      cache_(cache_bytes),
      logger_(moldau::make_silent_logger()) {}

FedTask::Stores::~Stores() = default;

std::unique_ptr<moldau::state::StateStore> FedTask::Stores::open(
    moldau::TaskId task, const moldau::runtime::TaskPlan::Store& store, moldau::RecordSink& sink,
    std::optional<moldau::TopicHandle> changelog, moldau::state::DroppedRows& drops) {
  std::optional<moldau::state::ChangelogTarget> target;
  if (changelog) target.emplace(sink, *changelog, task.partition);
  const moldau::state::StoreSpec& spec = store.plan->spec;
  return moldau::state::open_state_store(spec, {.storage = *storage_,
                                                .folder = folder_.path() / spec.name,
                                                .changelog = target,
                                                .cache = cache_.max_bytes() > 0 ? &cache_ : nullptr,
                                                .drops = &drops,
                                                .logger = *logger_,
                                                .clock = moldau::system_clock(),
                                                .metrics = metrics_});
}

void FedTask::Stores::destroy(moldau::TaskId, const moldau::runtime::TaskPlan::Store& store) {
  storage_->destroy(folder_.path() / store.plan->spec.name);
}

FedTask::FedTask(const moldau::Topology& topology, Input input, std::size_t cache_bytes)
    : input_(std::move(input)),
      stores_(cache_bytes),
      errors_({}, moldau::make_silent_logger()),
      services_{.application_id = "benchmark",
                .thread_name = "thread-1",
                .sink = sink_,
                .stores = stores_,
                .errors = errors_,
                .clock = clock_,
                .logger = moldau::make_silent_logger(),
                .metrics = metrics_,
                .idle = {}},
      globals_(topology.plan().has_global_stores()
                   ? std::make_unique<FedGlobals>(topology.shared_plan(), services_, input_)
                   : nullptr),
      task_(moldau::runtime::make_single_task_plan(topology.shared_plan(), "benchmark"),
            services_) {
  if (globals_ != nullptr) services_.globals = &globals_->stores();
  for (std::size_t i = 0; i < task_.inputs(); ++i) {
    task_.start_at(i, moldau::Offset{0}, {});
    const std::string& topic = task_.plan().inputs[i].partition.topic;
    if (!topic.starts_with("benchmark-")) {
      outer_inputs_.push_back(i);
      continue;
    }
    loops_.emplace_back(i, std::make_unique<Loop>());
    const moldau::TopicHandle handle = sink_.topic(topic);
    sink_.loops[static_cast<std::size_t>(handle.value())] = loops_.back().second.get();
  }
  task_.open_stores();
  task_.start();
}

void FedTask::process(std::size_t count) {
  for (std::size_t left = count; left > 0;) {
    const std::size_t now = std::min(left, batch_size);
    input_.append(now, batch_);
    task_.add(outer_inputs_[turn_], batch_);
    turn_ = (turn_ + 1) % outer_inputs_.size();
    process_all();
    left -= now;
  }
}

void FedTask::process_all() {
  bool more = true;
  while (more) {
    while (task_.process_one()) {
    }
    more = false;
    for (const auto& [input, loop] : loops_) {
      if (loop->empty()) continue;
      loop->take(batch_);
      task_.add(input, batch_);
      more = true;
    }
  }
}

void FedTask::commit() {
  task_.flush_caches();
  process_all();
  static_cast<void>(task_.begin_commit());
  task_.commit_stores(sink_);
  task_.end_commit();
}

}  // namespace benchmarks
