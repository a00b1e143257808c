#pragma once

#include "moldau/streams/config.h"
#include "moldau/topology/plan.h"

#include "runtime/stream_thread.h"
#include "streams/client_settings.h"

#include <cstddef>
#include <map>
#include <string>

namespace moldau::inline v0::streams {

// `max.poll.records`, unless it is set.
inline constexpr std::size_t default_poll_records = 1000;

// What a client of this role is configured with: what the user has set for it, and the brokers.
[[nodiscard]] kafka::ClientSettings settings_for(const Config& config, ClientRole role);

// As in the reference: without exactly-once an open transaction's records are read at once,
// although they may be aborted later, unless the user asks for committed ones.
[[nodiscard]] kafka::Isolation isolation(const Config& config,
                                         const std::map<std::string, std::string>& settings);

// Of stream thread `index`, from 1, of the instance `client`.
[[nodiscard]] runtime::ThreadOptions thread_options(const Config& config,
                                                    const topology::TopologyPlan& plan,
                                                    const std::string& client,
                                                    const std::string& process_id, int index);

}  // namespace moldau::inline v0::streams
