#include "streams/shared_workers.h"

#include <utility>

namespace moldau::inline v0::streams {

template <class Type>
void SharedWorkers::start(Running<Type>& running, Workers& workers, std::string name) {
  if (running.worker != nullptr) running.handle = workers.start(*running.worker, std::move(name));
}

void SharedWorkers::start(Workers& workers) {
  start(restorer_, workers, "moldau-restore");
  start(purger_, workers, "moldau-purge");
  start(globals_, workers, "moldau-global");
}

void SharedWorkers::finish() {
  if (restorer_.worker != nullptr) restorer_.worker->finish();
  if (globals_.worker != nullptr) globals_.worker->request_stop();
  if (purger_.worker != nullptr) purger_.worker->finish();
  for (const auto* handle : {&restorer_.handle, &globals_.handle, &purger_.handle}) {
    if (*handle != nullptr) (*handle)->wake();
  }
}

bool SharedWorkers::join(const std::function<std::chrono::milliseconds()>& left) {
  for (auto* handle : {&globals_.handle, &restorer_.handle, &purger_.handle}) {
    if (*handle != nullptr && !(*handle)->join(left())) return false;
    handle->reset();
  }
  return true;
}

void SharedWorkers::drop() {
  globals_.worker.reset();
  purger_.worker.reset();
  restorer_.worker.reset();
}

}  // namespace moldau::inline v0::streams
