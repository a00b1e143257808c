#pragma once

#include "moldau/base/ids.h"
#include "moldau/topology/topology.h"

#include <functional>
#include <string>

namespace robustness {

struct SoakTopics {
  std::string events;    // device -> "NUMBER USER KEY_NUMBER AMOUNT", see events.h
  std::string profiles;  // user -> version
  std::string counts;    // user -> events so far, eight bytes
  std::string totals;    // user -> "EVENTS SUM DIGEST"
  std::string windows;   // "USER@START" -> events in those 10 s, eight bytes
  std::string joined;    // user -> "NUMBER VERSION"; version 0: no profile yet
};

// Called on a stream thread, with each record before it is processed in a task.
using OnTaskRecord = std::function<void(moldau::TaskId)>;

// Events are sent by user through a repartition topic (`by-user`), behind which there are a count
// (store `counts`, every count is put out), a total (`totals`), a count in 10 s windows (`windows`)
// and a join with the table of profiles (`profiles`). Two sub-topologies.
[[nodiscard]] moldau::Topology soak_topology(const SoakTopics& topics, OnTaskRecord on_record);

}  // namespace robustness
