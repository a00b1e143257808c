#pragma once

#include "moldau/base/workers.h"

#include "runtime/global_thread.h"
#include "runtime/repartition_purger.h"
#include "runtime/restorer.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace moldau::inline v0::streams {

// What the stream threads of an application share, each on a thread of its own: the restore worker,
// the purge worker, the global stores. They outlive the stream threads.
class SharedWorkers {
 public:
  // A worker that is not there may be left out. Called before start(), once each.
  void add(std::unique_ptr<runtime::Restorer> restorer) { restorer_.worker = std::move(restorer); }
  void add(std::unique_ptr<runtime::RepartitionPurger> purger) {
    purger_.worker = std::move(purger);
  }
  void add(std::unique_ptr<runtime::GlobalThread> globals) { globals_.worker = std::move(globals); }
  void start(Workers& workers);

  // REQUIRES: there is one.
  [[nodiscard]] runtime::Restorer& restorer() const { return *restorer_.worker; }
  // REQUIRES: started. Any thread.
  void wake_restorer() const { restorer_.handle->wake(); }
  // nullptr: the topology has no repartition topics.
  [[nodiscard]] runtime::RepartitionPurger* purger() const { return purger_.worker.get(); }
  // nullptr: the topology has no global stores.
  [[nodiscard]] runtime::GlobalThread* globals() const { return globals_.worker.get(); }

  // Tells all of them to stop. REQUIRES: the stream threads have ended, because they may have tasks
  // with the restorer, and ask for them back.
  void finish();
  // False if they have not all ended within the time that `left` says is left.
  bool join(const std::function<std::chrono::milliseconds()>& left);
  // REQUIRES: join() says true.
  void drop();

 private:
  template <class Type>
  struct Running {
    std::unique_ptr<Type> worker;
    std::unique_ptr<WorkerHandle> handle;  // goes first: it joins
  };
  template <class Type>
  static void start(Running<Type>& running, Workers& workers, std::string name);

  Running<runtime::Restorer> restorer_;
  Running<runtime::RepartitionPurger> purger_;
  Running<runtime::GlobalThread> globals_;
};

}  // namespace moldau::inline v0::streams
