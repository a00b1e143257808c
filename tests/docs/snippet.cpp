#include "docs/snippet.h"

#include <cmath>
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace moldau::test {

namespace {

constexpr std::string_view arrow = "->";

// Words, of which some stand in quotes.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      if (quoted) words.emplace_back();
      inside = quoted;
    } else if (c == ' ' && !quoted) {
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      inside = true;
      words.back() += c;
    }
  }
  return words;
}

// One blank between words, whatever the line looked like.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const char blank = c == '\n' ? ' ' : c;
    if (blank == ' ' && (line.empty() || line.back() == ' ')) continue;
    line += blank;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

struct Step {
  std::string what;
  std::string outcome;
};

std::vector<Step> steps_of(std::string_view transcript) {
  std::vector<Step> steps;
  std::istringstream lines{std::string{transcript}};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(arrow);
    if (at != std::string::npos) {
      steps.push_back(
          {in_one_line(line.substr(0, at)), in_one_line(line.substr(at + arrow.size()))});
    } else if (!in_one_line(line).empty()) {
      if (steps.empty()) throw std::runtime_error("not a step: " + line);
      steps.back().outcome += " " + in_one_line(line);
    }
  }
  if (steps.empty()) throw std::runtime_error("a transcript without a step");
  return steps;
}

std::string quoted_if_needed(const std::string& text) {
  return text.empty() || text.find(' ') != std::string::npos ? "\"" + text + "\"" : text;
}

// What is printed while it lives.
class Printed {
 public:
  Printed() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~Printed() { std::cout.rdbuf(before_); }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  std::vector<std::string> lines() {
    std::vector<std::string> lines;
    for (std::string line; std::getline(text_, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::stringstream text_;
  std::streambuf* before_;
};

}  // namespace

Timestamp read_time(std::string_view text) {
  return Timestamp{std::llround(std::stod(std::string{text}) * 1000)};
}

std::string shown(Timestamp time) {
  if (time == Timestamp::max()) return "forever";
  std::string text = std::to_string(time.milliseconds() / 1000);
  const std::int64_t rest = time.milliseconds() % 1000;
  if (rest != 0) text += "." + std::to_string(1000 + rest).substr(1);
  return text;
}

void Snippet::take(moldau::testing::TopologyTestDriver& driver, std::string_view step) {
  const std::vector<std::string> parts = words(step);
  if (parts.size() == 2 && parts[0] == "wall") {
    driver.advance_wall_clock_time(read_time(parts[1]) - Timestamp{0});
    return;
  }
  if (parts.size() != 4 || parts[3].front() != '@') {
    throw std::runtime_error("not `topic key value @time`: " + std::string{step});
  }
  const Input& input = inputs_[parts[0]];
  const auto bytes = [](const Write& write, const std::string& text) {
    return text == "-" ? std::nullopt : std::optional<ByteBuffer>{write(text)};
  };
  driver.pipe({parts[0], bytes(input.key, parts[1]), bytes(input.value, parts[2]),
               read_time(std::string_view{parts[3]}.substr(1)), Headers{}});
}

std::string Snippet::shown_record(const moldau::testing::RawTestRecord& record) {
  const Output& output = outputs_[record.topic];
  const auto text = [](const Show& show, const std::optional<ByteBuffer>& bytes) {
    return bytes ? quoted_if_needed(show(*bytes)) : "-";
  };
  return record.topic + " " + text(output.key, record.key) + " " +
         text(output.value, record.value) + " @" +
         shown(record.timestamp.value_or(Timestamp::unknown()));
}

std::string Snippet::outcome(moldau::testing::TopologyTestDriver& driver, std::string_view step) {
  constexpr const char* dropped_records = "dropped-records-total";
  const double dropped_before = driver.metric(dropped_records);
  std::vector<std::string> effects;
  Printed printed;
  try {
    take(driver, step);
  } catch (const Error&) {
    return "error";
  }
  for (const std::string& line : printed.lines()) effects.push_back("prints \"" + line + "\"");
  for (const moldau::testing::RawTestRecord& record : driver.take_sent()) {
    const bool internal = record.topic.starts_with(config.application_id + "-");
    if (!internal) effects.push_back(shown_record(record));
  }
  const auto dropped = static_cast<std::int64_t>(driver.metric(dropped_records) - dropped_before);
  if (dropped == 1) effects.emplace_back("dropped");
  if (dropped > 1) effects.push_back("dropped " + std::to_string(dropped));
  if (effects.empty()) return "nothing";
  std::string line = effects.front();
  for (std::size_t i = 1; i < effects.size(); ++i) line += ", " + effects[i];
  return line;
}

void Snippet::expect(const Topology& topology, std::string_view transcript) {
  moldau::testing::TopologyTestDriver driver{topology, config, driver_options};
  std::string expected;
  std::string actual;
  for (const Step& step : steps_of(transcript)) {
    const std::string line = step.what + "  ->  ";
    expected += line + step.outcome + "\n";
    actual += line + outcome(driver, step.what) + "\n";
  }
  EXPECT_EQ(expected, actual);
}

}  // namespace moldau::test
