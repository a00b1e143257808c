// A runner that passes everything proves nothing: each kind of expectation, changed by one byte in
// a copy of a recorded case, must make it fail.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace moldau::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Outcome {
  int status;
  std::string last_line;
};

Outcome run_runner(const fs::path& folder) {
  const std::string command = std::string{MOLDAU_CONFORMANCE_RUNNER} + " " + folder.string();
  FILE* output = ::popen(command.c_str(), "r");
  std::array<char, 65536> line;
  std::string last;
  while (std::fgets(line.data(), line.size(), output) != nullptr) last = line.data();
  return {WEXITSTATUS(::pclose(output)), last};
}

class ChangedCase : public ::testing::Test {
 protected:
  ChangedCase() {
    std::string pattern = (fs::temp_directory_path() / "moldau-changed-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ChangedCase() override { fs::remove_all(folder_); }

  static ordered_json recorded(const std::string& name) {
    std::ifstream file{fs::path{MOLDAU_CONFORMANCE_CASES} / name};
    return ordered_json::parse(file);
  }
  Outcome run(const std::string& name, const ordered_json& contents) {
    std::ofstream{folder_ / name} << contents;
    return run_runner(folder_);
  }

  // Expects the unchanged case to pass and the changed one to fail.
  void expect_seen(const std::string& name, const std::function<void(ordered_json&)>& change) {
    ordered_json contents = recorded(name);
    const Outcome before = run(name, contents);
    ASSERT_EQ(before.status, 0) << before.last_line;
    ASSERT_EQ(before.last_line, "1 passed, 0 failed\n");
    const std::string untouched = contents.dump();

    change(contents);

    ASSERT_NE(contents.dump(), untouched) << "nothing was changed";
    const Outcome after = run(name, contents);
    EXPECT_NE(after.status, 0);
    EXPECT_EQ(after.last_line, "0 passed, 1 failed\n");
  }

  fs::path folder_;
};

// The first expected record that `wanted` accepts.
ordered_json& expected_record(ordered_json& recorded,
                              const std::function<bool(const ordered_json&)>& wanted) {
  for (ordered_json& step : recorded.at("steps")) {
    for (ordered_json& record : step.at("expect")) {
      if (wanted(record)) return record;
    }
  }
  throw std::runtime_error("the case has no such record");
}

void change_last_digit(ordered_json& hex) {
  std::string digits = hex.get<std::string>();
  digits.back() = digits.back() == '0' ? '1' : '0';
  hex = digits;
}

bool has_bytes(const ordered_json& record, const char* field) {
  return record.at(field).is_string() && !record.at(field).get<std::string>().empty();
}

TEST_F(ChangedCase, AKey) {
  expect_seen("stateless.filter_map_values.1.json", [](ordered_json& c) {
    change_last_digit(
        expected_record(c, [](const auto& r) { return has_bytes(r, "key_hex"); }).at("key_hex"));
  });
}

TEST_F(ChangedCase, ANullKeyBecomingEmpty) {
  expect_seen("stateless.filter_map_values.1.json", [](ordered_json& c) {
    expected_record(c, [](const auto& r) { return r.at("key_hex").is_null(); }).at("key_hex") = "";
  });
}

TEST_F(ChangedCase, AValue) {
  expect_seen("stateless.filter_map_values.1.json", [](ordered_json& c) {
    change_last_digit(expected_record(c, [](const auto& r) {
                        return has_bytes(r, "value_hex");
                      }).at("value_hex"));
  });
}

TEST_F(ChangedCase, ATime) {
  expect_seen("stateless.filter_map_values.1.json", [](ordered_json& c) {
    ordered_json& time = expected_record(c, [](const auto&) { return true; }).at("ts");
    time = time.get<std::int64_t>() + 1;
  });
}

TEST_F(ChangedCase, AHeader) {
  expect_seen("headers.through_operators.1.json", [](ordered_json& c) {
    ordered_json& record = expected_record(c, [](const auto& r) { return r.contains("headers"); });
    record.at("headers").at(0).at(0) = record.at("headers").at(0).at(0).get<std::string>() + "x";
  });
}

TEST_F(ChangedCase, TheOrderOfTwoRecordsOfOneTopic) {
  expect_seen("stateless.flat_map.1.json", [](ordered_json& c) {
    for (ordered_json& step : c.at("steps")) {
      ordered_json& expect = step.at("expect");
      if (expect.size() < 2 || expect.at(0) == expect.at(1)) continue;
      std::swap(expect.at(0), expect.at(1));
      return;
    }
  });
}

TEST_F(ChangedCase, AChangelogRecord) {
  expect_seen("agg.count_kv.1.json", [](ordered_json& c) {
    change_last_digit(expected_record(c, [](const auto& r) {
                        return r.at("topic").template get<std::string>().ends_with("-changelog");
                      }).at("value_hex"));
  });
}

TEST_F(ChangedCase, AMissingRecord) {
  expect_seen("agg.count_kv.1.json", [](ordered_json& c) {
    for (ordered_json& step : c.at("steps")) {
      if (step.at("expect").empty()) continue;
      step.at("expect").erase(0);
      return;
    }
  });
}

TEST_F(ChangedCase, AStoreEntry) {
  expect_seen("agg.count_kv.2.json", [](ordered_json& c) {
    change_last_digit(c.at("stores_at_end").at("cnt").at("entries").at(0).at("value_hex"));
  });
}

TEST_F(ChangedCase, TheTimestampOfAStoreEntry) {
  expect_seen("agg.count_kv.2.json", [](ordered_json& c) {
    ordered_json& time = c.at("stores_at_end").at("cnt").at("entries").at(0).at("timestamp");
    time = time.get<std::int64_t>() + 1;
  });
}

TEST_F(ChangedCase, TheNameOfAStore) {
  expect_seen("agg.count_kv.2.json", [](ordered_json& c) {
    ordered_json dump = c.at("stores_at_end").at("cnt");
    c.at("stores_at_end") = {{"cnu", dump}};
  });
}

TEST_F(ChangedCase, ADropCountOfAStep) {
  expect_seen("agg.count_kv.1.json", [](ordered_json& c) {
    for (ordered_json& step : c.at("steps")) {
      if (!step.contains("dropped")) continue;
      step.at("dropped") = step.at("dropped").get<int>() + 1;
      return;
    }
  });
}

TEST_F(ChangedCase, TheDropCountInTotal) {
  expect_seen("agg.count_kv.1.json", [](ordered_json& c) {
    c.at("dropped_records_total") = c.at("dropped_records_total").get<int>() + 1;
  });
}

TEST_F(ChangedCase, TheDescription) {
  expect_seen("agg.count_kv.1.json", [](ordered_json& c) {
    std::string text = c.at("describe").get<std::string>();
    text.replace(text.find("-->"), 3, "--<");
    c.at("describe") = text;
  });
}

TEST_F(ChangedCase, AnUnknownTopologyFails) {
  ordered_json contents = recorded("agg.count_kv.1.json");
  contents.at("topology") = "agg.no_such";

  const Outcome result = run("agg.no_such.1.json", contents);

  EXPECT_NE(result.status, 0);
  EXPECT_EQ(result.last_line, "0 passed, 1 failed\n");
}

TEST_F(ChangedCase, AFileThatIsNoCaseFails) {
  std::ofstream{folder_ / "agg.count_kv.1.json"} << R"({"topology": "agg.count_kv")";

  const Outcome result = run_runner(folder_);

  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.last_line, "0 passed, 1 failed\n");
}

TEST_F(ChangedCase, BytesThatAreNoHexFail) {
  ordered_json contents = recorded("agg.count_kv.1.json");
  contents.at("steps").at(0).at("pipe").at("key_hex") = "6x";

  EXPECT_EQ(run("agg.count_kv.1.json", contents).status, 1);
}

TEST_F(ChangedCase, AFolderThatIsNotThereIsAnError) {
  const Outcome result = run_runner(folder_ / "missing");

  EXPECT_EQ(result.status, 2);
}

TEST_F(ChangedCase, AnEmptyFolderDoesNotPass) {
  const Outcome result = run_runner(folder_);

  EXPECT_NE(result.status, 0);
  EXPECT_EQ(result.last_line, "0 passed, 0 failed\n");
}

}  // namespace
}  // namespace moldau::conformance
