#include "runtime/global_task.h"

#include "moldau/base/error.h"

#include "state/open_store.h"
#include "state/shared_store.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

// Stands in a position for a partition of which nothing has been read.
constexpr Offset unread{-1};

}  // namespace

GlobalStores::~GlobalStores() = default;

GlobalStoreOpener::GlobalStoreOpener(state::Storage& storage,
                                     std::optional<std::filesystem::path> folder,
                                     std::shared_ptr<Logger> logger, const Clock& clock,
                                     MetricRegistry& metrics, DslStoreFormat format)
    : storage_(storage),
      folder_(std::move(folder)),
      logger_(std::move(logger)),
      clock_(clock),
      metrics_(metrics),
      format_(format) {}

GlobalStoreOpener::~GlobalStoreOpener() = default;

std::unique_ptr<state::StateStore> GlobalStoreOpener::open(TaskId, const TaskPlan::Store& store,
                                                           RecordSink&, std::optional<TopicHandle>,
                                                           state::DroppedRows& drops) {
  const state::StoreSpec& spec = store.plan->spec;
  std::unique_ptr<state::StateStore> opened =
      state::open_state_store(spec, {.storage = storage_,
                                     .folder = folder_.value_or("") / spec.name,
                                     .in_memory = !folder_,
                                     .format = format_,
                                     .changelog = std::nullopt,
                                     .cache = nullptr,
                                     .drops = &drops,
                                     .logger = *logger_,
                                     .clock = clock_,
                                     .metrics = metrics_,
                                     .metric_tags = {{"task-id", "global"}}});
  auto* rows = dynamic_cast<state::KeyValueBytesStore*>(opened.get());
  if (rows == nullptr) {
    throw TopologyError("global store \"" + spec.name +
                        "\" is a buffer: only stores with keys can be global");
  }
  static_cast<void>(opened.release());
  return std::make_unique<state::SharedStore>(std::unique_ptr<state::KeyValueBytesStore>{rows});
}

void GlobalStoreOpener::destroy(TaskId, const TaskPlan::Store& store) {
  if (folder_ && store.plan->spec.type == StoreType::rocksdb) {
    storage_.destroy(*folder_ / store.plan->spec.name);
  }
}

NoSink::~NoSink() = default;

TopicHandle NoSink::topic(std::string_view name) {
  throw StreamsError("topic " + std::string{name} + " cannot be written from a global store");
}

std::int32_t NoSink::partitions(TopicHandle) { return 0; }

void NoSink::send(const OutgoingRecord&) {
  throw StreamsError("nothing can be sent from a global store");
}

GlobalTask::GlobalTask(std::shared_ptr<const topology::TopologyPlan> topology,
                       TaskServices services, const PartitionCounts& counts)
    : services_(std::move(services)),
      task_(make_global_task_plan(std::move(topology), services_.application_id, counts),
            services_) {
  const std::vector<TaskPlan::Store>& stores = task_.plan().stores;
  for (const TaskPlan::Input& input : inputs()) {
    const auto store = std::ranges::find_if(stores, [&](const TaskPlan::Store& planned) {
      return planned.plan->source_topic == input.partition.topic;
    });
    stores_of_.push_back(static_cast<std::size_t>(store - stores.begin()));
  }
  next_.resize(inputs().size());
  views_.resize(stores.size());
}

GlobalTask::~GlobalTask() = default;

void GlobalTask::open_stores() {
  for (bool open = false; !open;) {
    try {
      task_.open_stores();
      open = true;
    } catch (const state::StoreDamaged& damaged) {
      const auto store = std::ranges::find_if(
          task_.stores(), [](const StreamTask::Store& each) { return each.store == nullptr; });
      services_.logger->warning("global store \"" + store->plan->plan->spec.name +
                                "\" is damaged: " + damaged.what() +
                                "; rebuilding it from its topic");
      task_.rebuild_store(*store);
    }
  }
}

void GlobalTask::rebuild(std::size_t store) { task_.rebuild_store(task_.stores()[store]); }

std::string_view GlobalTask::store_name(std::size_t store) {
  return task_.stores()[store].store->name();
}

std::optional<Offset> GlobalTask::position(std::size_t input) {
  const std::optional<state::ChangelogPosition> position =
      task_.stores()[stores_of_[input]].store->committed_position();
  const auto partition = static_cast<std::size_t>(inputs()[input].partition.partition.value());
  if (!position || partition >= position->partitions.size()) return std::nullopt;
  const Offset next = position->partitions[partition];
  return next == unread ? std::nullopt : std::optional{next};
}

void GlobalTask::start() {
  for (std::size_t store = 0; store < views_.size(); ++store) {
    auto& rows = dynamic_cast<state::KeyValueBytesStore&>(*task_.stores()[store].store);
    views_[store] = std::make_unique<state::ReadOnlyStore>(rows);
  }
  for (std::size_t input = 0; input < next_.size(); ++input) {
    next_[input] = position(input);
    task_.start_at(input, next_[input], {});
  }
  task_.start();
}

void GlobalTask::restore(std::size_t input, std::vector<kafka::FetchedRecord>& records,
                         Offset next) {
  if (task_.plan().stores[stores_of_[input]].plan->reprocessed) {
    apply(input, records);
  } else {
    copy(input, records);
    records.clear();
  }
  reached(input, next);
}

// Without a look at what the records mean: they were good enough for whoever wrote them, and a
// table's row is its record.
void GlobalTask::copy(std::size_t input, const std::vector<kafka::FetchedRecord>& records) {
  std::vector<RawRecord> rows;
  rows.reserve(records.size());
  for (const kafka::FetchedRecord& record : records) {
    if (record.key()) rows.push_back(record.view());
  }
  if (!records.empty()) next_[input] = records.back().offset() + 1;
  const std::size_t store = stores_of_[input];
  task_.stores()[store].store->restore(rows, position_of_store(store));
}

void GlobalTask::apply(std::size_t input, std::vector<kafka::FetchedRecord>& records) {
  if (records.empty()) return;
  next_[input] = records.back().offset() + 1;
  task_.add(input, records);
  while (task_.process_one()) {
  }
}

void GlobalTask::reached(std::size_t input, Offset position) {
  if (next_[input] && *next_[input] >= position) return;
  next_[input] = position;
  task_.reached(input, position);
}

state::ChangelogPosition GlobalTask::position_of_store(std::size_t store) const {
  state::ChangelogPosition position{
      .next = Offset{0}, .as_of = services_.clock.wall(), .topic_id = std::nullopt};
  for (std::size_t input = 0; input < next_.size(); ++input) {
    if (stores_of_[input] != store) continue;
    position.partitions.push_back(next_[input].value_or(unread));
  }
  return position;
}

void GlobalTask::commit() {
  static_cast<void>(task_.begin_commit());
  for (std::size_t store = 0; store < views_.size(); ++store) {
    task_.stores()[store].store->commit(position_of_store(store));
  }
  task_.end_commit();
}

state::StateStore* GlobalTask::find(std::string_view name) {
  for (const std::unique_ptr<state::KeyValueBytesStore>& view : views_) {
    if (view != nullptr && view->name() == name) return view.get();
  }
  return nullptr;
}

}  // namespace moldau::inline v0::runtime
