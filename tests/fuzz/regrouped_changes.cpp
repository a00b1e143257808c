// Changes of regrouped tables, in their repartition topics.

#include "moldau/processor/regrouped_change.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

void run(Bytes input) {
  processor::RegroupedBytes change;
  if (!understood<SerdeError>(input, [&] { change = processor::parse_regrouped(input); })) return;
  require(change.now || change.before, "a change has a value");

  ByteBuffer written;
  if (change.now) written.append(*change.now);
  if (change.before) written.append(*change.before);
  if (change.now && change.before) {
    processor::end_regrouped_both(written, 0, change.now->size());
  } else if (change.now) {
    processor::end_regrouped_now(written);
  } else {
    processor::end_regrouped_before(written);
  }
  const processor::RegroupedBytes again = processor::parse_regrouped(written);
  require(again.now == change.now && again.before == change.before,
          "a change is read as it was written");
}

}  // namespace moldau::fuzz
