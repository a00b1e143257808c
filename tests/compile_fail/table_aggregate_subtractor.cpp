// must say: aggregate() takes a subtractor Agg(Agg, const V&) or Agg(Agg, const K&, const V&)
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) {
         return moldau::KeyValue{value, value};
       })
      .aggregate([] { return 0; },
                 [](int total, const std::string& /*value*/) { return total + 1; },
                 [](const std::string& total) { return total; });
}
