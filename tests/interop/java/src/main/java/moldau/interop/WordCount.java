package moldau.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The word count of the robustness and interop tests, on Kafka Streams: the same program, names and serdes.
 *
 * <pre>
 * WordCount describe IN OUT
 * WordCount run PROPERTIES IN OUT STOP_AFTER_LINES
 * WordCount topics BROKERS TOPIC...
 * WordCount group BROKERS ID
 * </pre>
 *
 * run: until STOP_AFTER_LINES lines are processed (0: no such end) or SIGTERM, then closes and leaves the group.
 * Prints one event a line, `microseconds-since-1970 event details`, as word_count_app does.
 *
 * topics: number of partitions and the settings that are the topic's own, one topic a line. group: its type and state.
 */
public final class WordCount {
  private static final AtomicLong lines = new AtomicLong();
  private static final AtomicLong words = new AtomicLong();
  private static final AtomicLong restored = new AtomicLong();

  private WordCount() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "describe" -> {
        System.out.print(topology(arguments[1], arguments[2], () -> {}).describe());
      }
      case "run" -> {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(arguments[1]))) {
          properties.load(reader);
        }
        System.exit(run(properties, arguments[2], arguments[3], Long.parseLong(arguments[4])));
      }
      case "topics" -> topics(arguments[1], Arrays.asList(arguments).subList(2, arguments.length));
      case "group" -> group(arguments[1], arguments[2]);
      default -> throw new IllegalArgumentException("describe, run, topics or group, not " + arguments[0]);
    }
  }

  private static Topology topology(String in, String out, Runnable onLine) {
    StreamsBuilder builder = new StreamsBuilder();
    builder
        .stream(in, Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(line -> {
          onLine.run();
          return Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toList();
        })
        .groupBy((key, word) -> word, Grouped.with("words", Serdes.String(), Serdes.String()))
        .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts").withCachingDisabled())
        .toStream()
        .peek((word, count) -> words.incrementAndGet())
        .to(out, Produced.with(Serdes.String(), Serdes.Long()));
    return builder.build();
  }

  private static int run(Properties properties, String in, String out, long stopAfter) throws Exception {
    CountDownLatch enough = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicBoolean failed = new AtomicBoolean();
    KafkaStreams streams = new KafkaStreams(topology(in, out, () -> {
      long line = lines.incrementAndGet();
      if (line == 1) event("first_record");
      if (line == stopAfter) enough.countDown();
    }), properties);
    streams.setStateListener((now, before) -> {
      event("state " + now.name());
      if (now == KafkaStreams.State.PENDING_ERROR || now == KafkaStreams.State.ERROR) {
        failed.set(true);
        enough.countDown();
      }
    });
    streams.setUncaughtExceptionHandler(exception -> {
      exception.printStackTrace();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    streams.setGlobalStateRestoreListener(new CountRestored());
    Thread onSignal = new Thread(() -> {
      enough.countDown();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    Runtime.getRuntime().addShutdownHook(onSignal);
    event("started " + ProcessHandle.current().pid());
    streams.start();
    enough.await();
    // The default would leave a member of the classic protocol behind until its session ends.
    streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    event("restored " + restored.get());
    event("lines " + lines.get());
    event("words " + words.get());
    event("stopped " + (failed.get() ? "error" : "ok"));
    System.out.flush();
    closed.countDown();
    return failed.get() ? 1 : 0;
  }

  private static void topics(String brokers, List<String> names) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      var descriptions = admin.describeTopics(names).allTopicNames().get();
      for (String name : names) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var settings = admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
            .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
            .map(entry -> entry.name() + "=" + entry.value()).sorted().toList();
        System.out.println(name + " partitions=" + descriptions.get(name).partitions().size() + " "
            + String.join(" ", settings));
      }
    }
  }

  private static void group(String brokers, String id) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      for (GroupListing group : admin.listGroups().all().get()) {
        if (group.groupId().equals(id)) {
          System.out.println(group.type().map(GroupType::toString).orElse("?") + " "
              + group.groupState().map(GroupState::toString).orElse("?"));
        }
      }
    }
  }

  private static synchronized void event(String text) {
    Instant now = Instant.now();
    System.out.println(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000 + " " + text);
    System.out.flush();
  }

  private static final class CountRestored implements StateRestoreListener {
    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long reached, long records) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
      restored.addAndGet(total);
    }
  }
}
