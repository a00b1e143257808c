#include "runtime/task_stores.h"

#include "moldau/state/storage.h"

#include "runtime/stream_task.h"

#include <chrono>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {

// A store that nothing was written to still tells, now and then, that it was up to date: its age at
// the next start decides whether deleted keys may have vanished from the changelog meanwhile.
constexpr std::chrono::minutes position_refresh{10};

}  // namespace

StoreOpener::~StoreOpener() = default;
AckedOffsets::~AckedOffsets() = default;

TaskStores::TaskStores(const TaskPlan& plan, const TaskServices& services,
                       state::DroppedRows& drops)
    : plan_(plan), services_(services), drops_(drops) {
  stores_.reserve(plan_.stores.size());
  for (const TaskPlan::Store& store : plan_.stores) {
    stores_.push_back({.plan = &store, .store = nullptr, .changelog = TopicHandle{}});
  }
}

void TaskStores::open(TaskClaim claim) {
  claim_ = std::move(claim);
  for (Store& store : stores_) {
    if (store.store != nullptr) continue;
    if (store.plan->writes_changelog) {
      store.changelog = services_.sink.changelog_topic(store.plan->changelog->topic);
    }
    try {
      open(store);
    } catch (const state::StoreDamaged& damaged) {
      if (!store.plan->changelog)
        throw;  // nothing could bring it back: that is for a person to decide
      services_.logger->warning("task " + to_string(plan_.id) + ", store \"" +
                                store.plan->plan->spec.name + "\" is damaged: " + damaged.what() +
                                "; rebuilding it from its changelog");
      rebuild(store);
    }
  }
}

void TaskStores::open(Store& store) {
  const std::optional<TopicHandle> changelog =
      store.plan->writes_changelog ? std::optional{store.changelog} : std::nullopt;
  store.store = services_.stores.open(plan_.id, *store.plan, services_.sink, changelog, drops_);
}

void TaskStores::close_files() {
  for (Store& store : stores_) {
    if (store.plan->plan->spec.type == StoreType::rocksdb) store.store.reset();
  }
  claim_.release();
}

void TaskStores::rebuild(Store& store) {
  store.store.reset();
  services_.stores.destroy(plan_.id, *store.plan);
  services_.metrics
      .counter({.name = "store-wipes-total",
                .group = "stream-state-metrics",
                .tags = {{"task-id", to_string(plan_.id)}, {"store", store.plan->plan->spec.name}}})
      .add();
  open(store);
}

state::StateStore* TaskStores::find(std::string_view name) const {
  for (const Store& store : stores_) {
    if (store.plan->plan->spec.name == name) return store.store.get();
  }
  return nullptr;
}

void TaskStores::flush_caches() {
  for (Store& store : stores_) store.store->flush_cache();
}

std::size_t TaskStores::uncommitted_bytes() const {
  std::size_t bytes = 0;
  for (const Store& store : stores_) bytes += store.store->uncommitted_bytes();
  return bytes;
}

std::optional<Offset> TaskStores::followed(const Store& store, const AckedOffsets& acked,
                                           const NextOffset& next_offset) const {
  if (!store.plan->writes_changelog) return next_offset(*store.plan->changelog);
  const std::optional<Offset> last = acked.acked(store.changelog, plan_.id.partition);
  return last ? std::optional{*last + 1} : std::nullopt;
}

std::optional<state::ChangelogPosition> TaskStores::new_position(const Store& store,
                                                                 std::optional<Offset> next,
                                                                 Timestamp as_of) const {
  std::optional<state::ChangelogPosition> position = store.store->committed_position();
  const bool moved = next && (!position || position->next != *next);
  if (!moved && (!position || as_of - position->as_of <= position_refresh)) {
    return std::nullopt;
  }
  if (!position) position.emplace();
  if (moved) position->next = *next;
  position->as_of = as_of;
  return position;
}

void TaskStores::commit(const AckedOffsets& acked, const NextOffset& next_offset, Timestamp as_of) {
  for (Store& store : stores_) {
    std::optional<state::ChangelogPosition> position;
    if (store.plan->changelog) {
      position = new_position(store, followed(store, acked, next_offset), as_of);
    }
    store.store->commit(position);
  }
}

void TaskStores::rollback() {
  for (Store& store : stores_) store.store->rollback();
}

}  // namespace moldau::inline v0::runtime
