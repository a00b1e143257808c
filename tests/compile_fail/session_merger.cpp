// must say: aggregate() over sessions takes a merger Agg(Agg, const Agg&) or Agg(const K&,
// Agg, const Agg&)
#include "program.h"

void wrong(GroupedWords& words) {
  words.windowed_by(moldau::SessionWindows{.inactivity_gap = std::chrono::seconds{1}})
      .aggregate([] { return 0; }, [](int total, const std::string&) { return total + 1; },
                 [](int total) { return total; });
}
