package conformance;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.MultiVersionedKeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.TimestampedWindowStoreWithHeaders;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.VersionedRecordIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.TimeOrderedKeyValueBuffer;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.apache.kafka.streams.test.TestRecord;

/** Case definitions, input generation, execution and JSON output. Topologies themselves live elsewhere. */
final class Harness {

    static final String KAFKA_VERSION = "4.3.1";
    static final long INITIAL_WALL_CLOCK_MS = 1_000_000_000_000L;
    static final String APPLICATION_ID = "conf";

    private Harness() {
    }

    // ---------------------------------------------------------------- pseudo-random source

    /** SplitMix64: tiny, fast, and identical everywhere. */
    static final class Rng {
        private long state;

        Rng(final long seed) {
            this.state = seed;
        }

        long next() {
            state += 0x9E3779B97F4A7C15L;
            long z = state;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        int below(final int n) {
            return (int) Long.remainderUnsigned(next(), n);
        }

        long between(final long lo, final long hiInclusive) {
            return lo + Long.remainderUnsigned(next(), hiInclusive - lo + 1);
        }

        boolean pct(final int p) {
            return below(100) < p;
        }

        <T> T pick(final List<T> xs) {
            return xs.get(below(xs.size()));
        }
    }

    // ---------------------------------------------------------------- generators of keys and values

    interface BytesGen {
        byte[] gen(Rng r, long ts);
    }

    static byte[] utf8(final String s) {
        return s == null ? null : s.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] be64(final long v) {
        return ByteBuffer.allocate(8).putLong(v).array();
    }

    static byte[] be32(final int v) {
        return ByteBuffer.allocate(4).putInt(v).array();
    }

    static byte[] be16(final int v) {
        return ByteBuffer.allocate(2).putShort((short) v).array();
    }

    private static final String ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    static String word(final Rng r, final int min, final int max) {
        final int n = min + r.below(max - min + 1);
        final StringBuilder sb = new StringBuilder();
        for (int i = 0; i < n; i++) {
            sb.append(ALNUM.charAt(r.below(ALNUM.length())));
        }
        return sb.toString();
    }

    /** Keys that collide often, that are prefixes of each other, and one that starts above 0x7f in UTF-8. */
    static final BytesGen K_STR = (r, ts) -> {
        final int p = r.below(100);
        return utf8(p < 40 ? "a" : p < 65 ? "b" : p < 80 ? "aa" : p < 92 ? "ab" : p < 97 ? "\u00e9" : "");
    };
    /** Three keys only. */
    static final BytesGen K_FEW = (r, ts) -> utf8(List.of("a", "b", "ab").get(r.below(3)));
    static final BytesGen K_LONG = (r, ts) -> be64(List.of(1L, 2L, 256L, -1L).get(r.below(4)));
    static final BytesGen K_INT = (r, ts) -> be32(List.of(1, 2, 256, -1).get(r.below(4)));
    static final BytesGen V_STR = (r, ts) -> utf8(word(r, r.pct(5) ? 0 : 1, 4));
    static final BytesGen V_SHORT_STR = (r, ts) -> utf8(List.of("p", "q", "P", "x1", "x2", "y").get(r.below(6)));
    static final BytesGen V_LONG = (r, ts) -> be64(r.pct(4) ? r.between(-(1L << 40), 1L << 40) : r.between(-20, 50));
    static final BytesGen V_SMALL_LONG = (r, ts) -> be64(r.between(0, 4));
    /** "fk|payload" where fk is one of a few foreign keys, sometimes empty, sometimes absent (no bar). */
    static final BytesGen V_FK = (r, ts) -> {
        final int p = r.below(100);
        final String fk = p < 30 ? "x" : p < 55 ? "y" : p < 70 ? "xx" : p < 85 ? "z" : p < 92 ? "" : null;
        return utf8(fk == null ? word(r, 1, 2) : fk + "|" + word(r, 1, 2));
    };
    static final BytesGen K_FK = (r, ts) -> {
        final int p = r.below(100);
        return utf8(p < 35 ? "x" : p < 60 ? "y" : p < 75 ? "xx" : p < 92 ? "z" : p < 96 ? "w" : "");
    };

    // ---------------------------------------------------------------- case definition

    static final class Input {
        final String topic;
        final String keyType;
        final String valueType;
        final BytesGen key;
        final BytesGen value;
        int weight = 1;
        int nullKeyPct = 0;
        int nullValuePct = 0;
        int headersPct = 0;

        Input(final String topic, final String keyType, final String valueType, final BytesGen key, final BytesGen value) {
            this.topic = topic;
            this.keyType = keyType;
            this.valueType = valueType;
            this.key = key;
            this.value = value;
        }
    }

    static final class Case {
        final String id;
        String tier = "core";
        final List<Input> inputs = new ArrayList<>();
        final LinkedHashMap<String, String> config = new LinkedHashMap<>();
        final LinkedHashMap<String, Object> rawConfig = new LinkedHashMap<>();
        final TreeSet<String> perKeyTopics = new TreeSet<>();
        Function<Properties, Topology> build;
        long step = 10;          // ordinary forward progress of event time
        long align = 100;        // window or punctuation grid
        long[] edges = {100};    // distances that matter (window size, grace, gap and sums of them)
        long jump = 1_000;       // long gap
        long hugeJump = 200_000; // beyond any segment of a persistent window store
        int latePct = 20;
        long[] bounds = {};      // exact lateness limits, counted back from the highest time seen so far
        long gridAdvance = 0;    // aligned windows: advance, size and grace
        long gridSize = 0;
        long gridGrace = 0;
        int wallPct = 2;
        long[] wallSteps = {1, 10, 100};
        boolean flushAtEnd = true;
        boolean leaps = false;   // time often leaps by about a segment of a store, and records come late by as much

        Case(final String id) {
            this.id = id;
            config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
            config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        }

        Case in(final String topic, final String kt, final String vt, final BytesGen k, final BytesGen v) {
            inputs.add(new Input(topic, kt, vt, k, v));
            return this;
        }

        private Input last() {
            return inputs.get(inputs.size() - 1);
        }

        /** Applies to the input declared last. */
        Case nullKeys(final int pct) {
            last().nullKeyPct = pct;
            return this;
        }

        Case tombstones(final int pct) {
            last().nullValuePct = pct;
            return this;
        }

        Case weight(final int w) {
            last().weight = w;
            return this;
        }

        Case headers(final int pct) {
            last().headersPct = pct;
            return this;
        }

        Case times(final long stepMs, final long alignMs, final long jumpMs, final long... edgesMs) {
            this.step = stepMs;
            this.align = alignMs;
            this.jump = jumpMs;
            this.edges = edgesMs;
            return this;
        }

        /** Some records will land exactly on, one before and one after "highest time so far minus b". */
        Case bound(final long... b) {
            this.bounds = b;
            return this;
        }

        /** Pairs of records probe the exact end-plus-grace limit of an aligned window. */
        Case grid(final long advance, final long size, final long grace) {
            this.gridAdvance = advance;
            this.gridSize = size;
            this.gridGrace = grace;
            return this;
        }

        Case huge(final long ms) {
            this.hugeJump = ms;
            return this;
        }

        Case late(final int pct) {
            this.latePct = pct;
            return this;
        }

        Case wall(final int pct, final long... steps) {
            this.wallPct = pct;
            this.wallSteps = steps;
            return this;
        }

        Case cfg(final String k, final String v) {
            config.put(k, v);
            return this;
        }

        Case cache(final long bytes) {
            return cfg(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.toString(bytes));
        }

        Case optimize() {
            return cfg(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        }

        /** Topics whose record order inside one step is not defined across keys. */
        Case perKey(final String... topics) {
            perKeyTopics.addAll(Arrays.asList(topics));
            return this;
        }

        Case dsl(final Consumer<StreamsBuilder> body) {
            this.build = props -> {
                final StreamsBuilder b = new StreamsBuilder();
                body.accept(b);
                return b.build(props);
            };
            return this;
        }

        Case topology(final Consumer<Topology> body) {
            this.build = props -> {
                final Topology t = new Topology();
                body.accept(t);
                return t;
            };
            return this;
        }

        /** The same topology with other times or configuration: what a plan asks for. */
        Case with(final String option) {
            final Case c = new Case(id);
            c.tier = tier;
            c.inputs.addAll(inputs);
            c.config.putAll(config);
            c.rawConfig.putAll(rawConfig);
            c.perKeyTopics.addAll(perKeyTopics);
            c.build = build;
            c.times(step, align, jump, edges).bound(bounds).grid(gridAdvance, gridSize, gridGrace).huge(hugeJump).late(latePct).wall(wallPct, wallSteps);
            c.flushAtEnd = flushAtEnd;
            c.leaps = leaps;
            if (option.startsWith("cache=")) {
                return c.cache(Long.parseLong(option.substring("cache=".length())));
            }
            if (option.equals("leaps")) {
                c.leaps = true;
                return c;
            }
            throw new IllegalArgumentException("unknown option " + option);
        }

        Properties props() {
            final Properties p = new Properties();
            config.forEach(p::put);
            rawConfig.forEach(p::put);
            return p;
        }
    }

    static final class Registry {
        private final LinkedHashMap<String, Case> cases = new LinkedHashMap<>();

        Case add(final String id) {
            final Case c = new Case(id);
            if (cases.put(id, c) != null) {
                throw new IllegalStateException("duplicate " + id);
            }
            return c;
        }

        void tier(final String tier, final String... ids) {
            for (final String id : ids) {
                cases.get(id).tier = tier;
            }
        }

        java.util.Collection<Case> all() {
            return cases.values();
        }

        Case get(final String id) {
            return cases.get(id);
        }
    }

    // ---------------------------------------------------------------- input sequences

    static final class Step {
        String topic;
        byte[] key;
        byte[] value;
        long ts;
        List<KeyValue<String, byte[]>> headers = List.of();
        long advance = -1;
    }

    static long mix(final String id, final long seed) {
        long h = 1125899906842597L;
        for (final byte b : utf8(id)) {
            h = 31 * h + b;
        }
        return h ^ (seed * 0x9E3779B97F4A7C15L);
    }

    static List<Step> sequence(final Case c, final long seed, final int events) {
        final Rng r = new Rng(mix(c.id, seed));
        final long base = Math.floorMod(seed, 3L) == 1 ? 0L : Math.floorMod(seed, 3L) == 2 ? 100_000L : 1_600_000_000_000L;
        final List<Step> steps = new ArrayList<>();
        final List<Long> history = new ArrayList<>();
        long max = base;
        long prev = base;
        int totalWeight = 0;
        for (final Input i : c.inputs) {
            totalWeight += i.weight;
        }
        final int tail = c.flushAtEnd && Math.floorMod(seed, 2L) == 1 ? 2 * c.inputs.size() : 0;
        long pending = -1;
        for (int n = 0; n < events; n++) {
            if (n < events - tail && r.pct(c.wallPct)) {
                final Step s = new Step();
                s.advance = c.wallSteps[r.below(c.wallSteps.length)];
                steps.add(s);
                continue;
            }
            final Step s = new Step();
            Input in = c.inputs.get(0);
            int w = r.below(totalWeight);
            for (final Input i : c.inputs) {
                if (w < i.weight) {
                    in = i;
                    break;
                }
                w -= i.weight;
            }
            final long ts;
            if (n >= events - tail) {
                // closing records: push stream time far enough for everything to close, on each input in turn
                in = c.inputs.get((n - (events - tail)) % c.inputs.size());
                ts = max + c.jump + (n - (events - tail));
            } else {
                final int p = r.below(100);
                if (pending >= 0) {
                    ts = pending;
                    pending = -1;
                } else if (c.leaps && r.pct(20)) {
                    ts = leap(c, r, max);
                } else if (c.gridAdvance > 0 && r.pct(8)) {
                    // first move time to a window's end + grace (or one off), then send a record into that window
                    final long start = Math.max(0, Math.floorDiv(max - c.gridSize - c.gridGrace, c.gridAdvance) + 1 + r.below(2)) * c.gridAdvance;
                    ts = start + c.gridSize + c.gridGrace + r.between(-1, 1);
                    pending = start + r.below((int) c.gridAdvance);
                } else if (c.bounds.length > 0 && r.pct(14)) {
                    ts = max - c.bounds[r.below(c.bounds.length)] + r.between(-1, 1);
                } else if (p < c.latePct / 2) {
                    ts = max - r.between(1, Math.max(1, c.edges[r.below(c.edges.length)]));
                } else if (p < c.latePct) {
                    final long e = c.edges[r.below(c.edges.length)];
                    ts = max - e + r.between(-1, 1);
                } else if (p < c.latePct + 10) {
                    ts = prev;
                } else if (p < c.latePct + 25) {
                    ts = Math.floorDiv(max, c.align) * c.align + c.align * (r.pct(50) ? 0 : r.pct(80) ? 1 : 2) + r.between(-1, 1);
                } else if (p < c.latePct + 37 && !history.isEmpty()) {
                    final long e = c.edges[r.below(c.edges.length)];
                    ts = history.get(Math.max(0, history.size() - 1 - r.below(6))) + (r.pct(50) ? e : -e) + r.between(-1, 1);
                } else if (p < c.latePct + 40) {
                    ts = max + c.jump + r.below((int) c.step + 1);
                } else if (p < c.latePct + 41) {
                    ts = max + c.hugeJump + r.below((int) c.step + 1);
                } else {
                    ts = max + r.between(0, c.step);
                }
            }
            s.topic = in.topic;
            s.ts = Math.max(0, ts);
            s.key = r.pct(in.nullKeyPct) ? null : in.key.gen(r, s.ts);
            s.value = r.pct(in.nullValuePct) ? null : in.value.gen(r, s.ts);
            if (r.pct(in.headersPct)) {
                final List<KeyValue<String, byte[]>> hs = new ArrayList<>();
                final int k = 1 + r.below(2);
                for (int i = 0; i < k; i++) {
                    hs.add(KeyValue.pair(List.of("h", "k", "h2").get(r.below(3)), r.pct(15) ? null : utf8(word(r, 0, 3))));
                }
                s.headers = hs;
            }
            prev = s.ts;
            max = Math.max(max, s.ts);
            history.add(s.ts);
            steps.add(s);
        }
        return steps;
    }

    /** Segments of stores are 60 s or longer, by powers of two and three of that; also one off their edges, and back. */
    private static long leap(final Case c, final Rng r, final long max) {
        final long far = r.pick(List.of(c.jump, c.hugeJump, 30_000L, 60_000L, 120_000L, 180_000L)) + r.between(-1, 1);
        return switch (r.below(4)) {
            case 0 -> max + far;
            case 1 -> max - far;
            case 2 -> (Math.floorDiv(max, 60_000L) + r.below(3)) * 60_000L + r.between(-1, 1);
            default -> max - c.edges[r.below(c.edges.length)] - far / (1 + r.below(3));
        };
    }

    // ---------------------------------------------------------------- execution

    static final class Stats {
        int records;
        long outputs;
        long dropped;
        long tombstonesOut;
        long nullTs;
        long changelog;
        long repartition;
        final TreeSet<String> topics = new TreeSet<>();
    }

    /** Replaces the driver's own per-topic queues by a recorder, so that the global emission order survives. */
    private static List<ProducerRecord<byte[], byte[]>> tap(final TopologyTestDriver driver) throws ReflectiveOperationException {
        final List<ProducerRecord<byte[], byte[]>> log = new ArrayList<>();
        final Field f = TopologyTestDriver.class.getDeclaredField("outputRecordsByTopic");
        f.setAccessible(true);
        f.set(driver, new HashMap<String, Queue<ProducerRecord<byte[], byte[]>>>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Queue<ProducerRecord<byte[], byte[]>> computeIfAbsent(
                final String key,
                final Function<? super String, ? extends Queue<ProducerRecord<byte[], byte[]>>> make
            ) {
                return new LinkedList<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public boolean add(final ProducerRecord<byte[], byte[]> rec) {
                        return log.add(rec);
                    }
                };
            }
        });
        return log;
    }

    private static long dropped(final TopologyTestDriver driver) {
        double total = 0;
        for (final Map.Entry<MetricName, ? extends Metric> e : driver.metrics().entrySet()) {
            if (e.getKey().name().equals("dropped-records-total") && e.getKey().group().equals("stream-task-metrics")) {
                total += (Double) e.getValue().metricValue();
            }
        }
        return Math.round(total);
    }

    static Stats run(final Case c, final long seed, final int events, final Path file) throws Exception {
        final Stats stats = new Stats();
        final List<Step> steps = sequence(c, seed, events);
        final Path stateDir = Files.createTempDirectory("conformance-state");
        final Properties props = c.props();
        props.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        props.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        final Topology topology = c.build.apply(props);
        final StringBuilder out = new StringBuilder();
        out.append("{\"topology\":").append(str(c.id)).append(",\"seed\":").append(seed)
            .append(",\"tier\":").append(str(c.tier))
            .append(",\"kafka_streams\":").append(str(KAFKA_VERSION)).append(",\n");
        out.append("\"describe\":").append(str(description(topology))).append(",\n");
        out.append("\"config\":").append(configJson(c)).append(",\n");
        out.append("\"initial_wall_clock_ms\":").append(INITIAL_WALL_CLOCK_MS).append(",\n");
        out.append("\"order\":").append(str(c.perKeyTopics.isEmpty() ? "per_topic" : "per_key"));
        out.append(",\"per_key_topics\":").append(strings(c.perKeyTopics)).append(",\n");
        out.append("\"steps\":[\n");
        final TreeSet<Bytes> keysSeen = new TreeSet<>();
        final TopologyTestDriver driver = new TopologyTestDriver(topology, props, Instant.ofEpochMilli(INITIAL_WALL_CLOCK_MS));
        try {
            final List<ProducerRecord<byte[], byte[]>> log = tap(driver);
            final Map<String, TestInputTopic<byte[], byte[]>> topics = new TreeMap<>();
            for (final Input in : c.inputs) {
                topics.put(in.topic, driver.createInputTopic(in.topic, new ByteArraySerializer(), new ByteArraySerializer()));
            }
            long droppedBefore = 0;
            for (int i = 0; i < steps.size(); i++) {
                final Step s = steps.get(i);
                out.append("{");
                if (s.advance >= 0) {
                    out.append("\"advance_wall_clock_ms\":").append(s.advance);
                    driver.advanceWallClockTime(Duration.ofMillis(s.advance));
                } else {
                    stats.records++;
                    final RecordHeaders hs = new RecordHeaders();
                    s.headers.forEach(h -> hs.add(h.key, h.value));
                    out.append("\"pipe\":").append(record(s.topic, s.key, s.value, s.ts, hs));
                    if (s.key != null) {
                        keysSeen.add(Bytes.wrap(s.key));
                    }
                    topics.get(s.topic).pipeInput(new TestRecord<>(s.key, s.value, hs, s.ts));
                }
                out.append(",\"expect\":[");
                for (int k = 0; k < log.size(); k++) {
                    final ProducerRecord<byte[], byte[]> p = log.get(k);
                    out.append(k == 0 ? "" : ",").append(record(p.topic(), p.key(), p.value(), p.timestamp(), p.headers()));
                    stats.outputs++;
                    stats.topics.add(p.topic());
                    if (p.topic().endsWith("-changelog")) {
                        stats.changelog++;
                    } else if (p.topic().endsWith("-repartition") || p.topic().endsWith("-topic")) {
                        stats.repartition++;
                    } else if (p.value() == null) {
                        stats.tombstonesOut++;
                    }
                    if (p.key() != null) {
                        keysSeen.add(Bytes.wrap(p.key()));
                    }
                }
                out.append("]");
                log.clear();
                final long d = dropped(driver);
                if (d != droppedBefore) {
                    out.append(",\"dropped\":").append(d - droppedBefore);
                    droppedBefore = d;
                }
                out.append(i == steps.size() - 1 ? "}\n" : "},\n");
            }
            out.append("],\n\"stores_at_end\":{");
            boolean first = true;
            for (final Map.Entry<String, StateStore> e : new TreeMap<>(driver.getAllStateStores()).entrySet()) {
                out.append(first ? "\n" : ",\n").append(str(e.getKey())).append(":").append(dump(e.getValue(), keysSeen));
                first = false;
            }
            stats.dropped = droppedBefore;
            out.append("},\n\"dropped_records_total\":").append(droppedBefore).append("\n}\n");
        } finally {
            driver.close();
            deleteTree(stateDir);
        }
        if (file != null) {
            Files.writeString(file, out.toString());
        }
        return stats;
    }

    /** The identity of a topic-choosing lambda is not reproducible, so it is masked. */
    static String description(final Topology t) {
        return t.describe().toString().replaceAll("\\(extractor class: [^)]*\\)", "(extractor class: *)");
    }

    private static void deleteTree(final Path dir) throws IOException {
        try (Stream<Path> walk = Files.walk(dir)) {
            for (final Path p : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }

    // ---------------------------------------------------------------- state store dumps (at the bytes level)

    private record Row(byte[] key, long start, long end, long version, String json) { }

    @SuppressWarnings("unchecked")
    private static String dump(final StateStore store, final TreeSet<Bytes> keysSeen) {
        if (store == null) {
            return "{\"kind\":\"absent\"}";
        }
        if (store instanceof TimeOrderedKeyValueBuffer) {
            return "{\"kind\":\"buffer\",\"records\":" + ((TimeOrderedKeyValueBuffer<?, ?, ?>) store).numRecords() + "}";
        }
        if (!(store instanceof WrappedStateStore)) {
            return "{\"kind\":\"opaque\"}";
        }
        final StateStore inner = ((WrappedStateStore<?, ?, ?>) store).wrapped();
        final String format = WrappedStateStore.isVersioned(store) ? "versioned"
            : WrappedStateStore.isHeadersAware(store) ? "headers"
            : store instanceof TimestampedWindowStoreWithHeaders || store instanceof TimestampedKeyValueStoreWithHeaders ? "adapted"
            : isTimestampedFacade(store) ? "timestamped" : "plain";
        final List<Row> rows = new ArrayList<>();
        final String kind;
        if (store instanceof VersionedKeyValueStore) {
            kind = "versioned";
            for (final Bytes k : keysSeen) {
                final QueryResult<VersionedRecordIterator<byte[]>> res = inner.query(
                    MultiVersionedKeyQuery.<Bytes, byte[]>withKey(k).fromTime(Instant.EPOCH)
                        .toTime(Instant.ofEpochMilli(Long.MAX_VALUE)).withAscendingTimestamps(),
                    PositionBound.unbounded(), new QueryConfig(false));
                try (VersionedRecordIterator<byte[]> it = res.getResult()) {
                    while (it.hasNext()) {
                        final VersionedRecord<byte[]> v = it.next();
                        rows.add(new Row(k.get(), 0, 0, v.timestamp(), "{\"key_hex\":" + hex(k.get()) + ",\"value_hex\":" + hex(v.value())
                            + ",\"timestamp\":" + v.timestamp() + ",\"valid_to\":"
                            + (v.validTo().isPresent() ? Long.toString(v.validTo().get()) : "null") + "}"));
                    }
                }
            }
        } else if (store instanceof WindowStore) {
            kind = "window";
            try (KeyValueIterator<Windowed<Bytes>, byte[]> it = ((WindowStore<Bytes, byte[]>) inner).all()) {
                while (it.hasNext()) {
                    final KeyValue<Windowed<Bytes>, byte[]> e = it.next();
                    final long start = e.key.window().start();
                    rows.add(new Row(e.key.key().get(), start, 0, 0,
                        "{\"key_hex\":" + hex(e.key.key().get()) + ",\"window_start\":" + start + "," + value(format, e.value) + "}"));
                }
            }
        } else if (store instanceof SessionStore) {
            kind = "session";
            try (KeyValueIterator<Windowed<Bytes>, byte[]> it =
                     ((SessionStore<Bytes, byte[]>) inner).findSessions((Bytes) null, (Bytes) null, 0L, Long.MAX_VALUE)) {
                while (it.hasNext()) {
                    final KeyValue<Windowed<Bytes>, byte[]> e = it.next();
                    final long start = e.key.window().start();
                    final long end = e.key.window().end();
                    rows.add(new Row(e.key.key().get(), start, end, 0,
                        "{\"key_hex\":" + hex(e.key.key().get()) + ",\"window_start\":" + start + ",\"window_end\":" + end + ","
                            + value(format.equals("headers") ? "headers-session" : format, e.value) + "}"));
                }
            }
        } else if (store instanceof KeyValueStore) {
            kind = "keyvalue";
            try (KeyValueIterator<Bytes, byte[]> it = ((KeyValueStore<Bytes, byte[]>) inner).all()) {
                while (it.hasNext()) {
                    final KeyValue<Bytes, byte[]> e = it.next();
                    rows.add(new Row(e.key.get(), 0, 0, 0, "{\"key_hex\":" + hex(e.key.get()) + "," + value(format, e.value) + "}"));
                }
            }
        } else {
            return "{\"kind\":\"opaque\"}";
        }
        rows.sort((x, y) -> {
            int d = Arrays.compareUnsigned(x.key, y.key);
            if (d == 0) {
                d = Long.compare(x.start, y.start);
            }
            if (d == 0) {
                d = Long.compare(x.end, y.end);
            }
            return d != 0 ? d : Long.compare(x.version, y.version);
        });
        final StringBuilder sb = new StringBuilder("{\"kind\":\"" + kind + "\",\"format\":\"" + (format.equals("adapted") ? "plain" : format) + "\",\"entries\":[");
        for (int i = 0; i < rows.size(); i++) {
            sb.append(i == 0 ? "" : ",").append(rows.get(i).json);
        }
        return sb.append("]}").toString();
    }

    private static boolean isTimestampedFacade(final StateStore s) {
        return s instanceof org.apache.kafka.streams.state.TimestampedKeyValueStore
            || s instanceof org.apache.kafka.streams.state.TimestampedWindowStore;
    }

    private static String value(final String format, final byte[] raw) {
        if (raw == null) {
            return "\"value_hex\":null";
        }
        if (format.equals("timestamped")) {
            return "\"value_hex\":" + hex(Arrays.copyOfRange(raw, 8, raw.length)) + ",\"timestamp\":" + ByteBuffer.wrap(raw).getLong();
        }
        if (format.equals("headers") || format.equals("headers-session") || format.equals("adapted")) {
            // size of the header section as a zigzag varint, that section, 8 bytes of time (not for sessions), the value
            final ByteBuffer buf = ByteBuffer.wrap(raw);
            final byte[] hs = new byte[ByteUtils.readVarint(buf)];
            buf.get(hs);
            final long ts = format.equals("headers-session") ? -1L : buf.getLong();
            final byte[] v = new byte[buf.remaining()];
            buf.get(v);
            return "\"value_hex\":" + hex(v) + (format.equals("headers") ? ",\"timestamp\":" + ts : "")
                + (hs.length > 0 ? ",\"headers_hex\":" + hex(hs) : "");
        }
        return "\"value_hex\":" + hex(raw);
    }

    // ---------------------------------------------------------------- JSON

    static String configJson(final Case c) {
        final StringBuilder sb = new StringBuilder("{");
        boolean first = true;
        for (final Map.Entry<String, String> e : new TreeMap<>(c.config).entrySet()) {
            sb.append(first ? "" : ",").append(str(e.getKey())).append(":").append(str(e.getValue()));
            first = false;
        }
        for (final Map.Entry<String, Object> e : new TreeMap<>(c.rawConfig).entrySet()) {
            sb.append(first ? "" : ",").append(str(e.getKey())).append(":").append(str(((Class<?>) e.getValue()).getSimpleName()));
            first = false;
        }
        return sb.append("}").toString();
    }

    private static String strings(final Iterable<String> xs) {
        final StringBuilder sb = new StringBuilder("[");
        for (final String x : xs) {
            sb.append(sb.length() == 1 ? "" : ",").append(str(x));
        }
        return sb.append("]").toString();
    }

    private static String record(final String topic, final byte[] k, final byte[] v, final Long ts, final Headers hs) {
        final StringBuilder sb = new StringBuilder();
        sb.append("{\"topic\":").append(str(topic)).append(",\"key_hex\":").append(hex(k)).append(",\"value_hex\":").append(hex(v))
            .append(",\"ts\":").append(ts == null ? "null" : ts.toString());
        final Header[] arr = hs == null ? new Header[0] : hs.toArray();
        if (arr.length > 0) {
            sb.append(",\"headers\":[");
            for (int i = 0; i < arr.length; i++) {
                sb.append(i == 0 ? "" : ",").append("[").append(str(arr[i].key())).append(",").append(hex(arr[i].value())).append("]");
            }
            sb.append("]");
        }
        return sb.append("}").toString();
    }

    static String hex(final byte[] b) {
        if (b == null) {
            return "null";
        }
        final StringBuilder sb = new StringBuilder(b.length * 2 + 2).append('"');
        for (final byte x : b) {
            sb.append(Character.forDigit((x >> 4) & 15, 16)).append(Character.forDigit(x & 15, 16));
        }
        return sb.append('"').toString();
    }

    static String str(final String s) {
        final StringBuilder sb = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            final char ch = s.charAt(i);
            switch (ch) {
                case '"' -> sb.append("\\\"");
                case '\\' -> sb.append("\\\\");
                case '\n' -> sb.append("\\n");
                case '\r' -> sb.append("\\r");
                case '\t' -> sb.append("\\t");
                default -> {
                    if (ch < 0x20 || ch > 0x7e) {
                        sb.append(String.format("\\u%04x", (int) ch));
                    } else {
                        sb.append(ch);
                    }
                }
            }
        }
        return sb.append("\"").toString();
    }

    // ---------------------------------------------------------------- command line

    /** One case to generate: a line `topology seed events [option...]` of a plan. */
    private record Planned(Case c, long seed, int events) {
        static Planned read(final Registry reg, final String line) {
            final String[] parts = line.split(" ");
            Case c = reg.get(parts[0]);
            if (c == null) {
                throw new IllegalArgumentException("unknown topology " + parts[0]);
            }
            for (int i = 3; i < parts.length; i++) {
                c = c.with(parts[i]);
            }
            return new Planned(c, Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
        }

        Stats run(final Path dir) {
            try {
                return Harness.run(c, seed, events, dir.resolve(c.id + "." + seed + ".json"));
            } catch (final Exception e) {
                throw new IllegalStateException(c.id + " seed " + seed + " events " + events, e);
            }
        }
    }

    private static List<Planned> plan(final Registry reg, final List<Case> chosen, final Map<String, String> opt) throws IOException {
        if (opt.containsKey("plan")) {
            return Files.readAllLines(Path.of(opt.get("plan"))).stream().map(line -> Planned.read(reg, line)).toList();
        }
        final int events = Integer.parseInt(opt.getOrDefault("events", "90"));
        final List<Planned> all = new ArrayList<>();
        for (final String seed : opt.get("seed").split(",")) {
            chosen.forEach(c -> all.add(new Planned(c, Long.parseLong(seed), events)));
        }
        return all;
    }

    static void main(final Registry reg, final String[] args) throws Exception {
        final Map<String, String> opt = new HashMap<>();
        final String cmd = args.length == 0 ? "help" : args[0];
        for (int i = 1; i + 1 < args.length; i += 2) {
            opt.put(args[i].substring(2), args[i + 1]);
        }
        final String only = opt.get("only");
        final List<Case> chosen = reg.all().stream().filter(c -> only == null || c.id.matches(only)).toList();
        switch (cmd) {
            case "list" -> chosen.forEach(c -> System.out.println(c.id + " " + c.tier));
            case "describe" -> chosen.forEach(c -> {
                System.out.println("# " + c.id);
                System.out.println(description(c.build.apply(c.props())));
            });
            case "generate" -> {
                final Path dir = Files.createDirectories(Path.of(opt.get("out")));
                for (final Planned p : plan(reg, chosen, opt)) {
                    final Stats st = p.run(dir);
                    if (opt.containsKey("stats")) {
                        System.out.printf("%-45s seed=%d in=%d out=%d changelog=%d internal=%d tombstones=%d dropped=%d topics=%s%n",
                            p.c.id, p.seed, st.records, st.outputs, st.changelog, st.repartition, st.tombstonesOut, st.dropped, st.topics);
                    }
                }
            }
            case "catalogue" -> Files.writeString(Path.of(opt.get("out")),
                Catalogue.render(reg, Path.of(opt.get("source")), Path.of(opt.get("intro"))));
            default -> {
                System.out.println("""
                    usage:
                      list [--only REGEX]                                          names and tiers of the topologies
                      describe [--only REGEX]                                      Topology.describe() of each
                      generate --seed N[,N..] --events M --out DIR [--only REGEX]  a case per topology and seed
                      generate --plan FILE --out DIR                               a case per line `topology seed events [option...]`
                      catalogue --source FILE.java --intro FILE.md --out FILE.md   TOPOLOGIES.md
                    options: cache=BYTES (statestore.cache.max.bytes), leaps (time leaps often and far)
                    generate takes --stats 1: one line about each case
                    """);
                System.exit(2);
            }
        }
    }
}
