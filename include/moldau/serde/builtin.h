#pragma once

// Every serde that comes with the library but JSON (moldau/serde/json.h).

#include "moldau/serde/list.h"
#include "moldau/serde/numbers.h"
#include "moldau/serde/optional.h"
#include "moldau/serde/raw_bytes.h"
#include "moldau/serde/serde.h"
#include "moldau/serde/string.h"
#include "moldau/serde/uuid.h"
#include "moldau/serde/void.h"
