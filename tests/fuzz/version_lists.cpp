// The versions of a key, as versioned stores keep them.

#include "moldau/base/error.h"

#include "fuzz/target.h"
#include "state/version_list.h"

namespace moldau::fuzz {

void run(Bytes input) {
  state::VersionList versions;
  if (!understood<StateStoreError>(input, [&] { versions.decode(input); })) return;
  require(versions.size() > 0, "there is a version");

  ByteBuffer written;
  versions.encode(written);
  state::VersionList read;
  read.decode(written);
  ByteBuffer again;
  read.encode(again);
  require(again == written, "versions are written as they were read");
  require(read.size() == versions.size(), "no version is lost");
  for (std::size_t i = 0; i < read.size(); ++i) {
    require(read[i].from == versions[i].from && read[i].value == versions[i].value &&
                read.until(i) == versions.until(i),
            "a version is read as it was written");
  }
}

}  // namespace moldau::fuzz
