// must say: transform_values() takes a transformer of this table's keys and values: derive it from
// ValueTransformer<K, V, VOut>
#include "program.h"

struct OfNumbers : moldau::ValueTransformer<std::string, int, std::string> {
  std::optional<std::string> transform(const moldau::FixedKeyRecord<std::string, int>&) override {
    return std::nullopt;
  }
};

void wrong(WordTable& words) {
  words.transform_values([] { return OfNumbers{}; });
}
