#include "conformance/topologies.h"
#include "conformance/topologies/processors.h"

#include <chrono>
#include <vector>

namespace moldau::conformance {

namespace {

using namespace std::chrono_literals;

// Counts the records of each key, and says so from time to time.
class Counter : public Processor<Text, Text, Text, Long> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Long>("st"); }
  void process(const Record<Text, Text>& r) override {
    store_.put(r.key(), store_.get(r.key()).value_or(0) + 1);
  }

 protected:
  KeyValueStore<Text, Long> store_;
};

class ForwardsByStreamTime final : public Counter {
 public:
  void init(Context& context) override {
    Counter::init(context);
    context.schedule(50ms, PunctuationType::stream_time, [this, &context](Timestamp now) {
      for (const auto& [key, count] : store_.all()) context.forward(key, count, now);
    });
  }
};

class DeletesByWallClock final : public Counter {
 public:
  void init(Context& context) override {
    Counter::init(context);
    context.schedule(100ms, PunctuationType::wall_clock_time, [this, &context](Timestamp now) {
      for (const auto& [key, count] : store_.all()) {
        context.forward(key, count, now);
        store_.remove(key);
      }
    });
  }
};

template <class P>
Topology counted() {
  StreamsBuilder b;
  b.add_state_store(persistent_key_value_store<Text, Long>("st"));
  b.stream<Text, Text>("in").process<P>({.stores = {"st"}}).to("out");
  return b.build();
}

class BothClocks final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override {
    const auto tell = [this, &context](const char* key) {
      return [this, &context, key](Timestamp now) {
        context.forward(key, s(now) + ":" + std::to_string(seen_), now);
      };
    };
    context.schedule(50ms, PunctuationType::stream_time, tell("stream"));
    context.schedule(100ms, PunctuationType::wall_clock_time, tell("wall"));
  }
  void process(const Record<Text, Text>& r) override {
    ++seen_;
    context().forward(r);
  }

 private:
  Long seen_ = 0;
};

Topology both_repartition() {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .process<BothClocks>()
      .group_by_key({.name = "g"})
      .reduce([](const Text& /*x*/, const Text& y) { return y; }, {.name = "last"})
      .to_stream()
      .to("out");
  return b.build();
}

class CancelsItself final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& /*context*/) override { start(); }
  void process(const Record<Text, Text>& r) override {
    if (r.value() == "y" && !running_) start();
  }

 private:
  void start() {
    running_ = true;
    fired_ = 0;
    ticks_ = context().schedule(30ms, PunctuationType::stream_time, [this](Timestamp now) {
      ++fired_;
      context().forward("tick", std::to_string(fired_) + "@" + s(now), now);
      if (fired_ < 3) return;
      ticks_.cancel();
      running_ = false;
    });
  }

  Cancellable ticks_;
  bool running_ = false;
  int fired_ = 0;
};

Topology cancel() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").process<CancelsItself>().to("out");
  return b.build();
}

class Anchored final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override {
    const auto tell = [&context](const char* key) {
      return [&context, key](Timestamp now) { context.forward(key, "t" + s(now), now); };
    };
    context.schedule(Timestamp{130}, 100ms, PunctuationType::stream_time, tell("stream"));
    context.schedule(context.wall_time() + 75ms, 200ms, PunctuationType::wall_clock_time,
                     tell("wall"));
  }
  void process(const Record<Text, Text>& r) override {
    context().forward(r.with_value(s(context().stream_time())));
  }
};

Topology anchored() {
  StreamsBuilder b;
  b.stream<Text, Text>("in").process<Anchored>().to("out");
  return b.build();
}

}  // namespace

void add_punctuations(Topologies& all) {
  all["papi.punctuate_stream_time"] = counted<ForwardsByStreamTime>;
  all["papi.punctuate_wall_clock"] = counted<DeletesByWallClock>;
  all["papi.punctuate_both_repartition"] = both_repartition;
  all["papi.punctuate_cancel"] = cancel;
  all["papi.punctuate_anchored"] = anchored;
}

}  // namespace moldau::conformance
