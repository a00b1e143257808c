#pragma once

#include "moldau/record/headers.h"
#include "moldau/record/raw_record.h"

#include "state/open_store.h"
#include "state/store_layer.h"

#include <cstddef>
#include <memory>

namespace moldau::inline v0::state {

// Sends each write to the changelog at once. A changelog record holds the value without its time,
// which becomes the time of the record; its value is null for a deletion. It has no headers unless
// the spec says so, or the layout stores them: then a deletion has those of the record that is
// being processed, as in the reference. That of a buffer has no time.
class ChangelogStore final : public StoreLayer {
 public:
  // `key_prefix`: bytes at the front of each key that are the store's own matter.
  ChangelogStore(std::unique_ptr<KeyValueBytesStore> below, std::size_t key_prefix,
                 ChangelogTarget target);

  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;

 private:
  const ValueLayout layout_;
  const bool context_headers_;  // of every record
  const bool timed_;
  const std::size_t key_prefix_;
  ChangelogTarget target_;
  Headers stored_headers_;  // of a layout that has them; kept for its memory
};

}  // namespace moldau::inline v0::state
