// must say: the total of a table's aggregation must be default-constructible
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) {
         return moldau::KeyValue{value, value};
       })
      .aggregate([] { return Town{"none"}; },
                 [](Town total, const std::string& /*value*/) { return total; },
                 [](Town total, const std::string& /*value*/) { return total; });
}
