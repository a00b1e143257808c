#include "allocation/fed_task.h"

#include "moldau/base/clock.h"

#include "state/open_store.h"

namespace moldau {

void SummingSink::send(const OutgoingRecord& record) {
  ++records;
  if (record.key) bytes += record.key->size();
  if (record.value) bytes += record.value->size();
}

std::unique_ptr<state::StateStore> MemoryStores::open(TaskId task,
                                                      const runtime::TaskPlan::Store& store,
                                                      RecordSink& sink,
                                                      std::optional<TopicHandle> changelog,
                                                      state::DroppedRows& drops) {
  std::optional<state::ChangelogTarget> target;
  if (changelog) target.emplace(sink, *changelog, task.partition);
  auto opened = state::open_state_store(store.plan->spec,
                                        {.storage = *storage_,
                                         .folder = {},
                                         .in_memory = true,
                                         .changelog = target,
                                         .cache = cache_.max_bytes() > 0 ? &cache_ : nullptr,
                                         .drops = &drops,
                                         .logger = *logger_,
                                         .clock = system_clock(),
                                         .metrics = metrics_});
  last = opened.get();
  return opened;
}

FedTask::FedTask(const Topology& topology, std::size_t cache_size, runtime::GlobalStores* globals)
    : stores_(cache_size),
      services_{.application_id = "allocations",
                .thread_name = "thread-1",
                .sink = sink,
                .stores = stores_,
                .errors = errors_,
                .clock = clock_,
                .logger = make_silent_logger(),
                .metrics = metrics_,
                .idle = {},
                .globals = globals},
      task_(runtime::make_single_task_plan(topology.shared_plan(), "allocations"), services_) {
  task_.start_at(0, Offset{0}, {});
  task_.open_stores();
  task_.start();
}

void FedTask::process(int count, std::chrono::milliseconds step) {
  for (int batch = 0; batch < count; ++batch) {
    for (std::size_t i = 0; i < batch_size; ++i) {
      time_ = time_ + step;
      batch_.emplace_back(RawRecord{.key = Bytes{key},
                                    .value = Bytes{i % 2 == 0 ? "a value that is kept, and counted"
                                                              : "a value that is left out, always"},
                                    .timestamp = time_,
                                    .offset = next_},
                          Headers{}, nullptr, [](void*) noexcept {});
      next_ = next_ + 1;
    }
    task_.add(0, batch_);
    while (task_.process_one()) {
    }
  }
}

}  // namespace moldau
