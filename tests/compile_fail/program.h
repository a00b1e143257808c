#pragma once

#include "moldau/moldau.h"

#include <memory>
#include <string>
#include <vector>

// What the wrong programs beside this file are written about.
using Words = moldau::KStream<std::string, std::string>;
using WordTable = moldau::KTable<std::string, std::string>;
using GroupedWords = moldau::KGroupedStream<std::string, std::string>;

// A value without a default.
struct Town {
  explicit Town(std::string called) : name(std::move(called)) {}
  std::string name;
};

template <>
struct moldau::Serde<Town> {
  static void serialize(const Town& town, moldau::ByteBuffer& out);
  static void deserialize(moldau::Bytes bytes, Town& town);
};
