// must say: to() takes the name of a topic, or a function of (const V&), (const K&, const V&) or
// (const Record<K, V>&, const RecordMetadata&) that returns one
#include "program.h"

void wrong(Words& words) {
  words.to([](const std::string& word) { return word.size(); });
}
