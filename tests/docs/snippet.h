#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "docs/notation.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::test {

using namespace std::chrono_literals;

// A test of a piece of code in the book. It builds a program between the marks of a region, and
// then says what comes of some records, in lines that the book shows too:
//
//   orders ann 3 @1  ->  big ann 3 @1
//   orders ann - @2  ->  dropped
//
// Topic, key, value and time in seconds of a record that goes in, and of each that comes out, with
// commas between; `-` is a null, text with blanks stands in quotes. Further: `dropped`, or
// `dropped 2`, if the metric has moved; `prints "..."` for what went to standard output; `error`
// if the program stops; `nothing`. `wall +5` moves the wall clock. A line without an arrow goes on
// with what the line before has led to. Internal topics are left out.
class Snippet : public ::testing::Test {
 protected:
  // What the records of a topic are; texts unless said.
  template <class K, class V>
  void input(const std::string& topic) {
    inputs_[topic] = {written<K>, written<V>};
  }
  template <class K, class V>
  void output(const std::string& topic, AnySerde<K> key_serde = {}) {
    outputs_[topic] = {shower<K>(std::move(key_serde)), shower<V>({})};
  }

  // Runs the program and compares. The program may be run once only.
  void expect(std::string_view transcript) { expect(builder.build(), transcript); }
  void expect(const Topology& topology, std::string_view transcript);

  StreamsBuilder builder;
  Config config{.application_id = "book"};
  moldau::testing::TestDriverOptions driver_options;

 private:
  using Write = std::function<ByteBuffer(std::string_view text)>;
  using Show = std::function<std::string(Bytes bytes)>;
  struct Input {
    Write key = written<std::string>;
    Write value = written<std::string>;
  };
  struct Output {
    Show key = shower<std::string>({});
    Show value = shower<std::string>({});
  };

  template <class T>
  static ByteBuffer written(std::string_view text) {
    ByteBuffer bytes;
    AnySerde<T>{}.serialize(Notation<T>::read(text), bytes);
    return bytes;
  }
  template <class T>
  static Show shower(AnySerde<T> serde) {
    return [serde = std::move(serde)](Bytes bytes) {
      T value{};
      serde.deserialize(bytes, value);
      return Notation<T>::show(value);
    };
  }

  [[nodiscard]] std::string outcome(moldau::testing::TopologyTestDriver& driver,
                                    std::string_view step);
  void take(moldau::testing::TopologyTestDriver& driver, std::string_view step);
  [[nodiscard]] std::string shown_record(const moldau::testing::RawTestRecord& record);

  std::map<std::string, Input> inputs_;
  std::map<std::string, Output> outputs_;
};

}  // namespace moldau::test
