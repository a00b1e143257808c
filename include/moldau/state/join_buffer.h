#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/state_store.h"

#include <chrono>
#include <cstdint>

namespace moldau::inline v0::state {

// Where the records of a stream wait before they are joined with a versioned table, until the
// highest time put in is a grace period past theirs. Refers to the store, which outlives it, and
// keeps its buffers.
class MOLDAU_EXPORT JoinBuffer {
 public:
  // Told about records whose time has come. What it is given is valid during the call.
  class MOLDAU_EXPORT Receiver {
   public:
    virtual void released(Bytes key, Bytes value, const RecordContext& cause) = 0;

   protected:
    ~Receiver();
  };

  // Goes on with what the store holds. Throws TopologyError naming the store if it is none for
  // this.
  void open(StateStore& store, std::chrono::milliseconds grace);
  // Looks at the store anew, which has gone back to the last commit.
  void reload();

  // False, and nothing kept, if the record is a grace period late already.
  bool put(Bytes key, Bytes value, const RecordContext& context);

  // Hands over the records that have waited long enough, by time, then by key, then as they came,
  // and forgets each once it has been handed over.
  void release(Receiver& to);

 private:
  KeyValueBytesStore* store_ = nullptr;
  std::chrono::milliseconds grace_{0};
  Timestamp highest_ = Timestamp::unknown();  // of the records put in
  Timestamp earliest_ = Timestamp::max();     // of those that wait
  std::uint32_t sequence_ = 0;                // of the last one
  ByteBuffer row_key_;
  ByteBuffer row_;
  Headers headers_;
};

}  // namespace moldau::inline v0::state
