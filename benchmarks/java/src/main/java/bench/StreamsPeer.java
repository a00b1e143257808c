package bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The Kafka Streams side of the comparison: {@code StreamsPeer TOPOLOGY IN OUT RECORDS APPLICATION_ID STATE_DIR
 * [KEY=VALUE...]}.
 *
 * <p>The topology is pipe, count or count-cached; keys are those of Kafka Streams. Brokers come from BROKERS. Ends after
 * RECORDS input records, commits, closes, and prints one STAT line.
 */
public final class StreamsPeer {
    /** When the first and the last record went by. Fed by all stream threads. */
    private static final class Progress {
        private final long expected;
        private final AtomicLong seen = new AtomicLong();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile long first;
        private volatile long last;

        Progress(final long expected) {
            this.expected = expected;
        }

        void record() {
            final long count = seen.incrementAndGet();
            if (count == 1) {
                first = System.nanoTime();
            }
            if (count == expected) {
                last = System.nanoTime();
                done.countDown();
            }
        }
    }

    private StreamsPeer() { }

    private static Properties properties(final String[] args) {
        final Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BROKERS"));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[4]);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, args[5]);
        properties.put("auto.offset.reset", "earliest");
        if (args[0].equals("count")) {
            // Every update is sent on, unless the arguments ask for a cache.
            properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        }
        for (final String setting : Arrays.asList(args).subList(6, args.length)) {
            final int equals = setting.indexOf('=');
            properties.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return properties;
    }

    private static Topology topology(final String[] args, final Properties properties, final Progress progress) {
        final String out = args[2];
        final StreamsBuilder builder = new StreamsBuilder();
        final KStream<Long, byte[]> records = builder
            .stream(args[1], Consumed.with(Serdes.Long(), Serdes.ByteArray()))
            .peek((key, value) -> progress.record());
        switch (args[0]) {
            case "pipe":
                records.filter((key, value) -> value.length > 0)
                    .mapValues(value -> value)
                    .to(out, Produced.with(Serdes.Long(), Serdes.ByteArray()));
                break;
            case "count":
            case "count-cached":
                records.groupByKey(Grouped.with(Serdes.Long(), Serdes.ByteArray()))
                    .count(Materialized.as("store"))
                    .toStream()
                    .to(out, Produced.with(Serdes.Long(), Serdes.Long()));
                break;
            default:
                throw new IllegalArgumentException("no topology " + args[0]);
        }
        return builder.build(properties);
    }

    public static void main(final String[] args) throws InterruptedException {
        final Progress progress = new Progress(Long.parseLong(args[3]));
        final Properties properties = properties(args);
        final KafkaStreams streams = new KafkaStreams(topology(args, properties, progress), properties);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                progress.done.countDown();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
        progress.done.await();
        final boolean closed = streams.close(Duration.ofSeconds(60));
        final boolean complete = closed && progress.seen.get() >= progress.expected;
        if (complete) {
            System.out.printf("STAT records=%d seconds=%.3f note=close_s=%.2f%n", progress.seen.get(),
                (progress.last - progress.first) / 1e9, (System.nanoTime() - progress.last) / 1e9);
            System.out.flush();
        } else {
            System.err.printf("peer: stopped after %d of %d records%n", progress.seen.get(), progress.expected);
        }
        Runtime.getRuntime().halt(complete ? 0 : 1);
    }
}
