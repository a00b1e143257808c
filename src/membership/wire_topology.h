#pragma once

#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

namespace moldau::inline v0::membership {

// A subscription as a member joins with it. The coordinator compares what members send verbatim, so
// every list is put into the reference's order, whatever order it comes in: a group may have
// members of both. Only the topics of a copartition group whose hashes fall into one bucket keep
// the order they come in.
[[nodiscard]] kafka::wire::Topology to_wire(const kafka::Subscription& subscription);

}  // namespace moldau::inline v0::membership
