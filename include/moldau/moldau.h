#pragma once

// Everything an application needs to describe its streams and to run them. Opt-in headers
// (serde/json.h, testing/) are included by those who use them.

#include "moldau/base/error.h"
#include "moldau/base/logger.h"
#include "moldau/base/timestamp.h"
#include "moldau/dsl/streams_builder.h"
#include "moldau/processor/fixed_key_processor.h"
#include "moldau/processor/processor.h"
#include "moldau/processor/processor_metrics.h"
#include "moldau/processor/value_transformer.h"
#include "moldau/record/headers.h"
#include "moldau/record/key_value.h"
#include "moldau/record/record.h"
#include "moldau/record/value_and_timestamp.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/builtin.h"
#include "moldau/serde/serde.h"
#include "moldau/serde/windowed.h"
#include "moldau/state/stores.h"
#include "moldau/streams/streams.h"
#include "moldau/topology/topology.h"
#include "moldau/topology/topology_builder.h"
#include "moldau/version.h"
