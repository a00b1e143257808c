// must say: reduce() takes an adder V(V, const V&) or V(V, const K&, const V&)
#include "program.h"

void wrong(WordTable& table) {
  table.group_by([](const std::string& value) {
         return moldau::KeyValue{value, value};
       })
      .reduce([](const std::string& total) { return total; },
              [](const std::string& total, const std::string& /*value*/) { return total; });
}
