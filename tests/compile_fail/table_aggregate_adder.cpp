// must say: aggregate() takes an adder Agg(Agg, const V&) or Agg(Agg, const K&, const V&)
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) {
         return moldau::KeyValue{value, value};
       })
      .aggregate([] { return 0; }, [](const std::string& total) { return total; },
                 [](int total, const std::string& /*value*/) { return total - 1; });
}
