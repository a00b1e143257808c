// must say: aggregate() of a table takes an initializer Agg() first
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) {
         return moldau::KeyValue{value, value};
       })
      .aggregate(
          0, [](int total, const std::string& /*value*/) { return total + 1; },
          [](int total, const std::string& /*value*/) { return total - 1; });
}
