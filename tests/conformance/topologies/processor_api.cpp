#include "conformance/topologies.h"
#include "conformance/topologies/processors.h"

#include <chrono>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

// ---- key-value stores ----

class SwapIn final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& r) override {
    if (r.key_or_null() == nullptr) return;
    const std::optional<Text> old = store_.get(r.key());
    store_.put(r.key(), r.value_or_null());
    context().forward(r.with_key("k" + r.key()).with_value(cat(old, r.value_or_null())));
    context().forward(r.with_value_or_null<Text>(nullptr).with_timestamp(r.timestamp() + 1ms));
  }

 private:
  KeyValueStore<Text, Text> store_;
};

Topology process_kv_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Text>("st"));
  b.stream<Text, Text>("in").process<SwapIn>({.name = "pr", .stores = {"st"}}).to("out");
  return b.build();
}

class NewestWins final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  void init(Context& context) override {
    store_ = context.timestamped_key_value_store<Text, Text>("st");
  }
  void process(const FixedKeyRecord<Text, Text>& r) override {
    const std::optional<ValueAndTimestamp<Text>> old = store_.get(r.key());
    if (r.value_or_null() == nullptr) {
      store_.remove(r.key());
    } else {
      store_.put(r.key(), {r.value(), r.timestamp()});
    }
    if (old && old->timestamp > r.timestamp()) return;
    context().forward(r.with_value(s(r.value_or_null()) + "@" + s(r.timestamp()) + "<" +
                                   (old ? old->value + ":" + s(old->timestamp) : "none")));
  }

 private:
  TimestampedKeyValueStore<Text, Text> store_;
};

Topology process_values_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_timestamped_key_value_store<Text, Text>("st"));
  b.stream<Text, Text>("in")
      .process_values<NewestWins>({.name = "pv", .stores = {"st"}})
      .group_by_key()
      .count({.name = "cnt"})
      .to_stream()
      .to("out");
  return b.build();
}

class Ranges final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& r) override { context().forward(r.with_value(answer(r))); }

 private:
  Text answer(const Record<Text, Text>& r) {
    if (r.value_or_null() == nullptr) return "deleted " + s(store_.extract(r.key()));
    const Text& v = r.value();
    if (v == "p") return put(r), listed(store_.range("a", "b"));
    if (v == "q") return put(r), listed(store_.reverse_range("a", "b"));
    if (v == "P") return put(r), listed(store_.prefix_scan(Text{"a"}));
    if (v == "x1") return put(r), listed(store_.all());
    if (v == "x2") return put(r), listed(store_.reverse_all());
    return "was " + s(store_.put_if_absent(r.key(), v + s(r.timestamp())));
  }
  void put(const Record<Text, Text>& r) { store_.put(r.key(), r.value()); }

  KeyValueStore<Text, Text> store_;
};

Topology kv_ranges() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Text>("st"));
  b.stream<Text, Text>("in").process<Ranges>({.stores = {"st"}}).to("out");
  return b.build();
}

class LruReader final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("lru"); }
  void process(const Record<Text, Text>& r) override {
    const std::optional<Text> old = store_.get(r.key());
    store_.put(r.key(), r.value_or_null());
    context().forward(r.with_value(cat(old, store_.get("a"))));
  }

 private:
  KeyValueStore<Text, Text> store_;
};

Topology lru_store() {
  StreamsBuilder b;
  b.add_state_store(lru_key_value_store<Text, Text>("lru", 2));
  b.stream<Text, Text>("in").process<LruReader>({.stores = {"lru"}}).to("out");
  return b.build();
}

class WritesOften final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& r) override {
    store_.put(r.key(), "tmp");
    store_.put("last", s(r.value_or_null()));
    store_.put(r.key(), r.value_or_null());
    context().forward(r.with_value(listed(store_.all())));
  }

 private:
  KeyValueStore<Text, Text> store_;
};

Topology caching_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Text>("st", {.caching = true}));
  b.stream<Text, Text>("in").process<WritesOften>({.stores = {"st"}}).to("out");
  return b.build();
}

// ---- stores with time ----

class Windows final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.window_store<Text, Text>("ws"); }
  void process(const Record<Text, Text>& r) override {
    const Timestamp start = window_of(r.timestamp());
    store_.put(r.key(), r.value_or_null(), start);
    context().forward(r.with_value(found(r, start)));
  }

 private:
  Text found(const Record<Text, Text>& r, Timestamp start) {
    const Timestamp from = not_negative(start - 300ms);
    const Timestamp to = start + 100ms;
    const Text v = s(r.value_or_null());
    if (v == "p") return listed(store_.fetch(r.key(), from, to));
    if (v == "q") return listed(store_.backward_fetch(r.key(), from, to));
    if (v == "P") return listed(store_.fetch("a", "b", from, to));
    if (v == "x1") return listed(store_.fetch_all(from, to));
    if (v == "x2") return listed(store_.backward_fetch_all(from, to));
    return s(store_.fetch(r.key(), start));
  }

  WindowStore<Text, Text> store_;
};

Topology window_store() {
  StreamsBuilder b;
  b.add_state_store(
      persistent_window_store<Text, Text>("ws", {.retention = 120s, .window_size = 100ms}));
  b.stream<Text, Text>("in").process<Windows>({.stores = {"ws"}}).to("out");
  return b.build();
}

class Duplicates final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.window_store<Text, Text>("ws"); }
  void process(const Record<Text, Text>& r) override {
    const Timestamp start = window_of(r.timestamp());
    store_.put(r.key(), r.value_or_null(), start);
    context().forward(
        r.with_value(tail(listed(store_.fetch(r.key(), not_negative(start - 100ms), start)))));
  }

 private:
  WindowStore<Text, Text> store_;
};

Topology window_store_duplicates() {
  StreamsBuilder b;
  b.add_state_store(persistent_window_store<Text, Text>(
      "ws", {.retention = 120s, .window_size = 100ms, .retain_duplicates = true}));
  b.stream<Text, Text>("in").process<Duplicates>({.stores = {"ws"}}).to("out");
  return b.build();
}

class Sessions final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.session_store<Text, Long>("ss"); }
  void process(const Record<Text, Text>& r) override {
    Windowed<Text> session{r.key(), {r.timestamp(), r.timestamp()}};
    Long count = 1;
    Text said;
    for (const auto& [old, n] :
         store_.find_sessions(r.key(), not_negative(r.timestamp() - 50ms), r.timestamp() + 50ms)) {
      session.window.start = std::min(session.window.start, old.window.start);
      session.window.end = std::max(session.window.end, old.window.end);
      count += n;
      store_.remove(old);
      said += "merged " + s(old) + ";";
    }
    store_.put(session, r.value() == "x2" ? nullptr : &count);
    const auto [start, end] = session.window;
    said += s(session) + "=" + s(store_.fetch_session(r.key(), start, end)) + ";";
    if (r.value() == "P") {
      said += listed(store_.find_sessions("a", "ab", not_negative(start - 200ms), end + 200ms));
    }
    context().forward(r.with_value(said));
  }

 private:
  SessionStore<Text, Long> store_;
};

Topology session_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_session_store<Text, Long>("ss", 100s));
  b.stream<Text, Text>("in").process<Sessions>({.stores = {"ss"}}).to("out");
  return b.build();
}

class Versions final : public Processor<Text, Text, Text, Text> {
  using Store = VersionedKeyValueStore<Text, Text>;

 public:
  void init(Context& context) override {
    store_ = context.versioned_key_value_store<Text, Text>("vs");
  }
  void process(const Record<Text, Text>& r) override {
    const Text did = s(r.value_or_null()) == "x2"
                         ? "deleted " + shown(store_.extract(r.key(), r.timestamp()))
                         : "put " + shown(store_.put(r.key(), r.value_or_null(), r.timestamp()));
    context().forward(r.with_value(did + ";" + shown(store_.get(r.key())) + ";" +
                                   shown(store_.get(r.key(), not_negative(r.timestamp() - 40ms)))));
  }

 private:
  // Without valid_to: the reference's typed store does not hand it on.
  static Text shown(const std::optional<Store::Record>& version) {
    return version ? version->value + "@" + s(version->timestamp) : "none";
  }
  // As the reference's number.
  static Text shown(const Store::Put& put) {
    if (!put.accepted) return std::to_string(std::numeric_limits<Long>::min());
    return put.valid_to ? s(*put.valid_to) : "-1";
  }

  Store store_;
};

Topology versioned_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_versioned_key_value_store<Text, Text>("vs", 300ms, {}, 60ms));
  b.stream<Text, Text>("in").process<Versions>({.stores = {"vs"}}).to("out");
  return b.build();
}

// ---- topologies ----

class NamesTopic final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& r) override {
    if (const Text* key = r.key_or_null()) store_.put(*key, r.value_or_null());
    const Text topic{context().record_metadata()->topic};
    const Text v = s(r.value_or_null());
    if (v == "p") {
      context().forward(r.with_value(topic), "child");
    } else if (v == "q") {
      context().forward(r.with_value(topic), "sink");
    } else {
      context().forward(r.with_value(cat(topic, r.value_or_null())));
    }
  }

 private:
  KeyValueStore<Text, Text> store_;
};

class SaysChild final : public Processor<Text, Text, Text, Text> {
 public:
  void process(const Record<Text, Text>& r) override {
    context().forward(r.with_value("child " + s(r.value_or_null())));
  }
};

Topology raw_topology() {
  TopologyBuilder t;
  t.add_source<Text, Text>("src1", {"in1"})
      .add_source<Text, Text>("src2", {"in2"})
      .add_processor<NamesTopic>("proc", {"src1", "src2"})
      .add_state_store(in_memory_key_value_store<Text, Text>("st"), {"proc"})
      .add_processor<SaysChild>("child", {"proc"})
      .add_sink<Text, Text>("sink", "out", {"proc"})
      .add_sink<Text, Text>(
          "sink2",
          [](const Record<Text, Text>& /*record*/, const RecordMetadata& metadata) {
            return "out-" + Text{metadata.topic};
          },
          {"child"});
  return t.build();
}

class Writer final : public Processor<Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& r) override { store_.put(r.key(), r.value_or_null()); }

 private:
  KeyValueStore<Text, Text> store_;
};

class Reader final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  explicit Reader(Text store) : name_(std::move(store)) {}
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>(name_); }
  void process(const FixedKeyRecord<Text, Text>& r) override {
    context().forward(r.with_value(cat(r.value_or_null(), store_.get(r.key()))));
  }

 private:
  Text name_;
  KeyValueStore<Text, Text> store_;
};

Topology shared_store() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Text>("st"));
  b.stream<Text, Text>("in1").process<Writer>({.name = "writer", .stores = {"st"}});
  b.stream<Text, Text>("in2")
      .process_values([] { return std::make_unique<Reader>("st"); },
                      {.name = "reader", .stores = {"st"}})
      .to("out");
  return b.build();
}

class UppercaseWriter final : public Processor<Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("gs"); }
  void process(const Record<Text, Text>& r) override {
    if (const Text* value = r.value_or_null()) {
      store_.put(r.key(), up(*value));
    } else {
      store_.remove(r.key());
    }
  }

 private:
  KeyValueStore<Text, Text> store_;
};

Topology global_store() {
  StreamsBuilder b;
  b.add_global_store(in_memory_key_value_store<Text, Text>("gs"), "g",
                     [] { return std::make_unique<UppercaseWriter>(); });
  b.stream<Text, Text>("s").process_values([] { return std::make_unique<Reader>("gs"); }).to("out");
  return b.build();
}

Text shown(const RecordMetadata& metadata) {
  return Text{metadata.topic} + "-" + std::to_string(metadata.partition.value()) + "-" +
         std::to_string(metadata.offset.value());
}

class SeenTopic final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override {
    context.schedule(100ms, PunctuationType::wall_clock_time, [&context](Timestamp now) {
      const RecordMetadata metadata = *context.record_metadata();
      // Of no record: the reference's topic is null there.
      context.forward("tick", (metadata.topic.empty() ? "null" : "") + shown(metadata), now);
    });
  }
  void process(const Record<Text, Text>& r) override {
    const RecordMetadata metadata = *context().record_metadata();
    Headers headers = r.headers();
    headers.add("seen", metadata.topic);
    context().forward(r.with_value(r.value() + " " + shown(metadata)).with_headers(headers));
  }
};

class SeenAgain final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  void process(const FixedKeyRecord<Text, Text>& r) override {
    context().forward(r.with_value(r.value() + " " + shown(*context().record_metadata())));
  }
};

Topology record_metadata() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .process<SeenTopic>()
      .repartition({.name = "rp"})
      .process_values<SeenAgain>()
      .to("out");
  return b.build();
}

}  // namespace

void add_processor_api(Topologies& all) {
  all["papi.process_kv_store"] = process_kv_store;
  all["papi.process_values_store"] = process_values_store;
  all["papi.window_store"] = window_store;
  all["papi.window_store_duplicates"] = window_store_duplicates;
  all["papi.session_store"] = session_store;
  all["papi.versioned_store"] = versioned_store;
  all["papi.kv_ranges"] = kv_ranges;
  all["papi.lru_store"] = lru_store;
  all["papi.caching_store"] = caching_store;
  all["papi.raw_topology"] = raw_topology;
  all["papi.shared_store"] = shared_store;
  all["papi.global_store"] = global_store;
  all["papi.record_metadata"] = record_metadata;
}

}  // namespace moldau::conformance
