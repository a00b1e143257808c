package bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * An instance that counts per key and tells what happens to it: {@code RecoveryPeer IN OUT RECORDS APPLICATION_ID STATE_DIR
 * [KEY=VALUE...]}; the lines of {@code recovery/recovery_peer.cpp}, but for the number of wipes.
 */
public final class RecoveryPeer {
    /** Speaks when as many stores have been restored as were begun. */
    private static final class Restoration implements StateRestoreListener {
        private int open;
        private long records;
        private long start;

        @Override
        public synchronized void onRestoreStart(final TopicPartition changelog, final String store, final long from,
                                                final long to) {
            if (open++ == 0) {
                start = System.nanoTime();
            }
        }

        @Override
        public void onBatchRestored(final TopicPartition changelog, final String store, final long reached,
                                    final long count) { }

        @Override
        public synchronized void onRestoreEnd(final TopicPartition changelog, final String store, final long total) {
            records += total;
            if (--open == 0) {
                tell(String.format("restored %d %.3f", records, (System.nanoTime() - start) / 1e9));
            }
        }

        @Override
        public void onRestoreSuspended(final TopicPartition changelog, final String store, final long total) {
            onRestoreEnd(changelog, store, total);
        }
    }

    private RecoveryPeer() { }

    private static void tell(final String event) {
        final Instant now = Instant.now();
        System.out.println(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000 + " " + event);
        System.out.flush();
    }

    public static void main(final String[] args) throws InterruptedException {
        final Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BROKERS"));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[3]);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, args[4]);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        properties.put("auto.offset.reset", "earliest");
        for (final String setting : Arrays.asList(args).subList(5, args.length)) {
            final int equals = setting.indexOf('=');
            properties.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        final long expected = Long.parseLong(args[2]);
        final AtomicLong seen = new AtomicLong();
        final StreamsBuilder builder = new StreamsBuilder();
        builder.stream(args[0], Consumed.with(Serdes.Long(), Serdes.ByteArray()))
            .peek((key, value) -> {
                final long count = seen.incrementAndGet();
                if (count == 1) {
                    tell("first");
                }
                if (count == expected) {
                    tell("reached");
                }
            })
            .groupByKey(Grouped.with(Serdes.Long(), Serdes.ByteArray()))
            .count(Materialized.as("store"))
            .toStream()
            .to(args[1], Produced.with(Serdes.Long(), Serdes.Long()));
        final KafkaStreams streams = new KafkaStreams(builder.build(properties), properties);
        streams.setGlobalStateRestoreListener(new Restoration());
        final CountDownLatch done = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                tell("running");
            } else if (now == KafkaStreams.State.ERROR) {
                done.countDown();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            streams.close(CloseOptions.timeout(Duration.ofSeconds(60))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            tell("stopped");
        }));
        streams.start();
        done.await();
        System.err.println("peer: stopped because of an error");
        System.exit(1);
    }
}
