package conformance;

import static conformance.Harness.K_FEW;
import static conformance.Harness.K_FK;
import static conformance.Harness.K_INT;
import static conformance.Harness.K_LONG;
import static conformance.Harness.K_STR;
import static conformance.Harness.V_FK;
import static conformance.Harness.V_LONG;
import static conformance.Harness.V_SHORT_STR;
import static conformance.Harness.V_SMALL_LONG;
import static conformance.Harness.V_STR;
import static conformance.Harness.be16;
import static conformance.Harness.be64;
import static conformance.Harness.utf8;
import static conformance.Harness.word;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.UnlimitedWindows;
import org.apache.kafka.streams.kstream.ValueTransformerWithKey;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.LogAndSkipOnInvalidTimestamp;
import org.apache.kafka.streams.processor.ProcessorContext;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** Every named topology of the conformance corpus. */
public final class Oracle {

    private Oracle() {
    }

    static final Serde<String> S = Serdes.String();
    static final Serde<Long> L = Serdes.Long();

    // @helper Text and numbers (null-safe, ASCII only, 64-bit two's complement)
    /** Text form: "null" for null, decimal digits for a number, the text itself otherwise. */
    static String s(final Object x) {
        return x == null ? "null" : x.toString();
    }

    /** a, colon, b. */
    static String cat(final Object a, final Object b) {
        return s(a) + ":" + s(b);
    }

    /** 'a'..'z' become 'A'..'Z', every other character stays; null stays null. */
    static String up(final String x) {
        if (x == null) {
            return null;
        }
        final StringBuilder sb = new StringBuilder();
        for (int i = 0; i < x.length(); i++) {
            final char c = x.charAt(i);
            sb.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        return sb.toString();
    }

    /** The first character as text; null for null or empty text. Values are ASCII, so this is one byte. */
    static String first(final String x) {
        return x == null || x.isEmpty() ? null : x.substring(0, 1);
    }

    /** The last 12 characters at most. */
    static String tail(final String x) {
        return x.length() <= 12 ? x : x.substring(x.length() - 12);
    }

    /** What stands before the first '|'; null when the value is null or has no '|'. */
    static String fk(final String v) {
        if (v == null || v.indexOf('|') < 0) {
            return null;
        }
        return v.substring(0, v.indexOf('|'));
    }

    /** key@start-end of a windowed key. */
    static String wk(final Windowed<String> w) {
        return s(w.key()) + "@" + w.window().start() + "-" + w.window().end();
    }
    // @end

    // @helper Short forms for stores, serdes and durations (S is Serdes.String(), L is Serdes.Long())
    static <K, V> Materialized<K, V, KeyValueStore<Bytes, byte[]>> kv(final String name, final Serde<K> k, final Serde<V> v) {
        return Materialized.<K, V, KeyValueStore<Bytes, byte[]>>as(name).withKeySerde(k).withValueSerde(v);
    }

    static <K, V> Materialized<K, V, WindowStore<Bytes, byte[]>> win(final String name, final Serde<K> k, final Serde<V> v) {
        return Materialized.<K, V, WindowStore<Bytes, byte[]>>as(name).withKeySerde(k).withValueSerde(v);
    }

    static <K, V> Materialized<K, V, SessionStore<Bytes, byte[]>> ses(final String name, final Serde<K> k, final Serde<V> v) {
        return Materialized.<K, V, SessionStore<Bytes, byte[]>>as(name).withKeySerde(k).withValueSerde(v);
    }

    static Serde<Windowed<String>> tw(final long size) {
        return WindowedSerdes.timeWindowedSerdeFrom(String.class, size);
    }

    static Serde<Windowed<String>> sw() {
        return WindowedSerdes.sessionWindowedSerdeFrom(String.class);
    }

    static Duration ms(final long n) {
        return Duration.ofMillis(n);
    }

    static Consumed<String, String> css() {
        return Consumed.with(S, S);
    }

    static Produced<String, String> pss() {
        return Produced.with(S, S);
    }

    static Produced<String, Long> psl() {
        return Produced.with(S, L);
    }
    // @end

    // @helper Timestamp extractors
    /** Reads the decimal number before '|' (it may carry a minus sign) from the value; -1 for a null value. */
    public static final class EmbeddedTime implements TimestampExtractor {
        @Override
        public long extract(final ConsumerRecord<Object, Object> record, final long partitionTime) {
            final String f = fk((String) record.value());
            return f == null ? -1L : Long.parseLong(f);
        }
    }

    /** Like EmbeddedTime, but a negative result is replaced by the partition time (which is -1 before the first record). */
    public static final class EmbeddedOrPartitionTime implements TimestampExtractor {
        @Override
        public long extract(final ConsumerRecord<Object, Object> record, final long partitionTime) {
            final String f = fk((String) record.value());
            final long t = f == null ? -1L : Long.parseLong(f);
            return t < 0 ? partitionTime : t;
        }
    }

    /** Embedded time first; a negative one goes to the library's log-and-skip policy. */
    public static final class SkippingEmbeddedTime extends LogAndSkipOnInvalidTimestamp {
        @Override
        public long extract(final ConsumerRecord<Object, Object> record, final long partitionTime) {
            final String f = fk((String) record.value());
            final long t = f == null ? -1L : Long.parseLong(f);
            return t < 0 ? super.onInvalidTimestamp(record, t, partitionTime) : t;
        }
    }
    // @end

    static final Harness.BytesGen K_PQ = (r, ts) -> utf8(List.of("p", "q", "x", "y").get(r.below(4)));
    static final Harness.BytesGen V_TS = (r, ts) -> {
        final long t = r.pct(12) ? -1 - r.below(5) : r.pct(20) ? Math.max(0, ts - r.below(200)) : ts + r.below(5);
        return utf8(t + "|" + word(r, 1, 2));
    };

    static final Harness.Registry REG = new Harness.Registry();

    static Harness.Case add(final String id) {
        return REG.add(id);
    }

    static {
        stateless();
        serdesTimeErrors();
        aggregations();
        windows();
        emitAndSuppress();
        streamJoins();
        tableJoins();
        cogroups();
        tables();
        processorApi();
        optimizedAndNaming();
        headersAndFormats();
    }

    // ================================================================ stateless

    private static void stateless() {
        add("stateless.filter_map_values").in("in", "String", "String", K_STR, V_STR).nullKeys(8).tombstones(10).headers(15)
            // @topology stateless.filter_map_values
            // filter keeps values of at least two characters; mapValues uppercases and appends "!".
            // Null keys pass untouched, null values are rejected by the predicate itself.
            .dsl(b -> {
                b.stream("in", css())
                    .filter((k, v) -> v != null && v.length() >= 2)
                    .mapValues(v -> up(v) + "!")
                    .to("out", pss());
            });
            // @end

        add("stateless.map_filter_not").in("in", "String", "String", K_STR, V_STR).nullKeys(10).tombstones(10)
            // @topology stateless.map_filter_not
            // map swaps key and value (null becomes the text "null"); filterNot drops new keys that start with 'a'.
            .dsl(b -> {
                b.stream("in", css())
                    .map((k, v) -> KeyValue.pair(s(v), s(k)))
                    .filterNot((k, v) -> k.startsWith("a"))
                    .to("out", pss());
            });
            // @end

        add("stateless.map_values_with_key").in("in", "String", "String", K_STR, V_STR).nullKeys(10).tombstones(10)
            // @topology stateless.map_values_with_key
            // mapValues with read-only key; a null result is forwarded as a null value.
            .dsl(b -> {
                b.stream("in", css())
                    .mapValues((k, v) -> "b".equals(k) ? null : s(k) + "=" + s(v))
                    .to("out", pss());
            });
            // @end

        add("stateless.flat_map").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(10)
            // @topology stateless.flat_map
            // flatMap: one record per character of the value, in order; key = that character, value = key:index.
            // Null and empty values give nothing. All outputs keep the input timestamp.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMap((k, v) -> {
                        final List<KeyValue<String, String>> out = new ArrayList<>();
                        for (int i = 0; v != null && i < v.length(); i++) {
                            out.add(KeyValue.pair(v.substring(i, i + 1), s(k) + ":" + i));
                        }
                        return out;
                    })
                    .to("out", pss());
            });
            // @end

        add("stateless.flat_map_values").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(10)
            // @topology stateless.flat_map_values
            // flatMapValues: one record per character of the value; nothing for null or empty values.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMapValues(v -> {
                        final List<String> out = new ArrayList<>();
                        for (int i = 0; v != null && i < v.length(); i++) {
                            out.add(v.substring(i, i + 1));
                        }
                        return out;
                    })
                    .to("out", pss());
            });
            // @end

        add("stateless.select_key_repartition").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(15).headers(15)
            // @topology stateless.select_key_repartition
            // selectKey to the first character of the value (null when there is none), explicit repartition() with a name.
            // Records whose new key is null vanish silently before the repartition topic (not counted as dropped).
            .dsl(b -> {
                b.stream("in", css())
                    .selectKey((k, v) -> first(v))
                    .repartition(Repartitioned.with(S, S).withName("rk"))
                    .mapValues((k, v) -> cat(k, v))
                    .to("out", pss());
            });
            // @end

        add("stateless.split_branches").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(10)
            // @topology stateless.split_branches
            // split: the first predicate that matches wins; the default branch takes the rest.
            .dsl(b -> {
                final Map<String, KStream<String, String>> br = b.stream("in", css())
                    .split(Named.as("sp-"))
                    .branch((k, v) -> v == null, Branched.as("nulls"))
                    .branch((k, v) -> v.length() >= 3, Branched.as("long"))
                    .branch((k, v) -> v.length() >= 2, Branched.as("mid"))
                    .defaultBranch(Branched.as("rest"));
                br.get("sp-nulls").to("out-nulls", pss());
                br.get("sp-long").to("out-long", pss());
                br.get("sp-mid").to("out-mid", pss());
                br.get("sp-rest").to("out-rest", pss());
            });
            // @end

        add("stateless.split_functions").in("in", "String", "String", K_STR, V_STR).tombstones(10)
            // @topology stateless.split_functions
            // Branches given as a function (its result is in the map) and as a consumer (not in the map), no default branch:
            // a record that matches nothing disappears. The two function branches are merged afterwards.
            .dsl(b -> {
                final Map<String, KStream<String, String>> br = b.stream("in", css())
                    .split(Named.as("f-"))
                    .branch((k, v) -> v != null && v.length() == 1, Branched.withFunction(x -> x.mapValues(v -> up(v)), "one"))
                    .branch((k, v) -> v != null && v.length() == 2, Branched.withConsumer(x -> x.to("out-two", pss())))
                    .branch((k, v) -> v != null && v.length() == 3, Branched.withFunction(x -> x.filter((k, v) -> !"a".equals(k)), "three"))
                    .noDefaultBranch();
                br.get("f-one").merge(br.get("f-three")).to("out", pss());
            });
            // @end

        add("stateless.merge_three").in("in1", "String", "String", K_STR, V_STR).tombstones(5)
            .in("in2", "String", "String", K_STR, V_STR).in("in3", "String", "String", K_STR, V_STR).nullKeys(5)
            // @topology stateless.merge_three
            // merge of three sources, each tagged first; one source feeds the merge twice.
            .dsl(b -> {
                final KStream<String, String> a = b.stream("in1", css()).mapValues(v -> "1" + s(v));
                final KStream<String, String> c = b.stream("in2", css()).mapValues(v -> "2" + s(v));
                final KStream<String, String> d = b.stream("in3", css()).mapValues(v -> "3" + s(v));
                a.merge(c).merge(d, Named.as("both")).merge(a.mapValues(v -> v + "'")).to("out", pss());
            });
            // @end

        add("stateless.peek_foreach").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(5)
            // @topology stateless.peek_foreach
            // peek passes records on unchanged; foreach ends the chain. Neither callback does anything observable.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in", css()).peek((k, v) -> { });
                x.foreach((k, v) -> { });
                x.to("out", pss());
            });
            // @end

        add("stateless.dynamic_topic").in("in", "String", "String", K_STR, V_STR).nullKeys(5)
            // @topology stateless.dynamic_topic
            // The sink topic is computed per record: "out-even" or "out-odd" by value length.
            .dsl(b -> {
                b.stream("in", css()).to((k, v, ctx) -> v.length() % 2 == 0 ? "out-even" : "out-odd", pss());
            });
            // @end

        add("stateless.group_by_count").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(10)
            // @topology stateless.group_by_count
            // groupBy the first character of the value, through a named repartition topic, then count.
            // Records whose new key is null never reach the repartition topic.
            .dsl(b -> {
                b.stream("in", css())
                    .groupBy((k, v) -> first(v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L))
                    .toStream()
                    .to("out", psl());
            });
            // @end

        add("stateless.to_table").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(8).tombstones(25)
            // @topology stateless.to_table
            // toTable: null keys are dropped (counted), null values delete.
            .dsl(b -> {
                b.stream("in", css()).toTable(Named.as("tt"), kv("tbl", S, S)).toStream().to("out", pss());
            });
            // @end

        add("stateless.to_table_repartitioned").in("in", "String", "String", K_STR, V_SHORT_STR).tombstones(20)
            // @topology stateless.to_table_repartitioned
            // selectKey then toTable: a repartition topic named after the operator appears in between.
            .dsl(b -> {
                b.stream("in", css())
                    .selectKey((k, v) -> v == null ? k : first(v))
                    .toTable(Named.as("tt"), kv("tbl", S, S))
                    .mapValues(v -> v + v)
                    .toStream()
                    .to("out", pss());
            });
            // @end
    }

    // ================================================================ serdes, time, errors

    private static void serdesTimeErrors() {
        add("serde.primitive_types")
            .in("in-long", "Long", "Long", K_LONG, V_LONG)
            .in("in-int", "Integer", "Integer", K_INT, (r, ts) -> Harness.be32((int) r.next()))
            .in("in-short", "Integer", "Short", K_INT, (r, ts) -> be16((int) r.next()))
            .in("in-bool", "Integer", "Boolean", K_INT, (r, ts) -> new byte[] {(byte) r.below(2)})
            .in("in-bytes", "Bytes", "ByteArray", K_STR, V_STR)
            .in("in-uuid", "UUID", "UUID",
                (r, ts) -> utf8("0000000" + r.below(10) + "-0000-4000-8000-00000000000" + r.below(10)),
                (r, ts) -> utf8("0000000" + r.below(10) + "-0000-4000-8000-00000000000" + r.below(10)))
            .in("in-double", "Integer", "Double", K_INT, (r, ts) -> be64(Double.doubleToLongBits(r.between(-1000, 1000) * 0.25)))
            .in("in-float", "Integer", "Float", K_INT, (r, ts) -> Harness.be32(Float.floatToIntBits(r.between(-1000, 1000) * 0.25f)))
            .in("in-text", "String", "String", K_STR, V_STR).tombstones(10)
            .in("in-text-void", "Void (always null)", "String", (r, ts) -> null, V_STR)
            // @topology serde.primitive_types
            // One tiny chain per built-in serde. Integer arithmetic wraps (two's complement); doubles and floats are halved,
            // which is exact. The list serde holds one 64-bit number per character of the text (its ASCII code), so its inner
            // elements all have the same, known size.
            .dsl(b -> {
                b.stream("in-long", Consumed.with(L, L)).mapValues(v -> v * 2).to("out-long", Produced.with(L, L));
                b.stream("in-int", Consumed.with(Serdes.Integer(), Serdes.Integer())).mapValues(v -> v + 1)
                    .to("out-int", Produced.with(Serdes.Integer(), Serdes.Integer()));
                b.stream("in-short", Consumed.with(Serdes.Integer(), Serdes.Short())).mapValues(v -> (short) (v + 1))
                    .to("out-short", Produced.with(Serdes.Integer(), Serdes.Short()));
                b.stream("in-bool", Consumed.with(Serdes.Integer(), Serdes.Boolean())).mapValues(v -> !v)
                    .to("out-bool", Produced.with(Serdes.Integer(), Serdes.Boolean()));
                b.stream("in-bytes", Consumed.with(Serdes.Bytes(), Serdes.ByteArray())).mapValues(v -> {
                    final byte[] out = new byte[v.length];
                    for (int i = 0; i < v.length; i++) {
                        out[i] = v[v.length - 1 - i];
                    }
                    return out;
                }).to("out-bytes", Produced.with(Serdes.Bytes(), Serdes.ByteArray()));
                b.stream("in-uuid", Consumed.with(Serdes.UUID(), Serdes.UUID())).map((k, v) -> KeyValue.pair(v, k))
                    .to("out-uuid", Produced.with(Serdes.UUID(), Serdes.UUID()));
                b.stream("in-double", Consumed.with(Serdes.Integer(), Serdes.Double())).mapValues(v -> v * 0.5)
                    .to("out-double", Produced.with(Serdes.Integer(), Serdes.Double()));
                b.stream("in-float", Consumed.with(Serdes.Integer(), Serdes.Float())).mapValues(v -> v * 0.5f)
                    .to("out-float", Produced.with(Serdes.Integer(), Serdes.Float()));
                b.stream("in-text", css()).mapValues(v -> {
                    if (v == null) {
                        return null;
                    }
                    final List<Long> out = new ArrayList<>();
                    for (int i = 0; i < v.length(); i++) {
                        out.add((long) v.charAt(i));
                    }
                    return out;
                }).to("out-list", Produced.with(S, Serdes.ListSerde(ArrayList.class, L)));
                b.stream("in-text-void", Consumed.with(Serdes.Void(), S)).to("out-void", Produced.with(Serdes.Void(), S));
            });
            // @end

        add("time.extractor_log_and_skip").in("in", "String", "String (ts|text)", K_FEW, V_TS).tombstones(5)
            .times(10, 100, 500, 100)
            // @topology time.extractor_log_and_skip
            // The record time comes from the value ("number|text"). Negative times are skipped and counted as dropped.
            // The windowed count shows which time was used.
            .dsl(b -> {
                b.stream("in", css().withTimestampExtractor(new SkippingEmbeddedTime()))
                    .groupByKey()
                    .windowedBy(TimeWindows.ofSizeWithNoGrace(ms(100)))
                    .count(win("cnt", S, L))
                    .toStream()
                    .to("out", Produced.with(tw(100), L));
            });
            // @end

        add("time.extractor_partition_time").in("in1", "String", "String (ts|text)", K_FEW, V_TS)
            .in("in2", "String", "String (ts|text)", K_FEW, V_TS).tombstones(10)
            .times(10, 100, 500, 100)
            // @topology time.extractor_partition_time
            // An invalid embedded time is replaced by the partition time of that input partition (highest time polled from it so
            // far, -1 at the beginning: then the record is dropped). Each topic has its own partition time.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in1", css().withTimestampExtractor(new EmbeddedOrPartitionTime()));
                final KStream<String, String> y = b.stream("in2", css().withTimestampExtractor(new EmbeddedOrPartitionTime()));
                x.merge(y).to("out", pss());
            });
            // @end

        add("errors.deserialization_continue")
            .in("in", "Long", "Long", K_LONG, (r, ts) -> r.pct(25) ? new byte[r.below(8)] : be64(r.between(0, 9))).tombstones(10)
            .cfg(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class.getName())
            // @topology errors.deserialization_continue
            // Values that are not 8 bytes cannot be read as Long: the handler continues, the record counts as dropped.
            .dsl(b -> {
                b.stream("in", Consumed.with(L, L)).groupByKey().reduce((x, y) -> x + y, kv("sum", L, L)).toStream()
                    .to("out", Produced.with(L, L));
            });
            // @end

        add("errors.processing_continue").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(5)
            .cfg(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueProcessingExceptionHandler.class.getName())
            // @topology errors.processing_continue
            // A user function throws for the value "x1": the handler continues, that branch of the record stops there and counts
            // as dropped; what was forwarded to earlier siblings stays and later siblings still run, in declaration order.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in", css());
                x.mapValues(v -> "before:" + s(v)).to("out-before", pss());
                x.mapValues(v -> {
                    if ("x1".equals(v)) {
                        throw new IllegalArgumentException("refused");
                    }
                    return up(v);
                }).groupByKey().count(kv("cnt", S, L)).toStream().to("out-count", psl());
                x.mapValues(v -> "after:" + s(v)).to("out-after", pss());
            });
            // @end
    }

    // ================================================================ aggregations without windows

    private static void aggregations() {
        add("agg.count_kv").in("in", "String", "String", K_STR, V_STR).nullKeys(8).tombstones(10).headers(10)
            // @topology agg.count_kv
            // count per key; null keys and null values are dropped and counted. The table's record time is the highest seen
            // for the key, so an out-of-order record emits the older maximum, not its own time.
            .dsl(b -> {
                b.stream("in", css()).groupByKey().count(kv("cnt", S, L)).toStream().to("out", psl());
            });
            // @end

        add("agg.reduce_kv").in("in", "String", "String", K_STR, V_STR).nullKeys(8).tombstones(10)
            // @topology agg.reduce_kv
            // reduce concatenates; the first value of a key is stored as is, without calling the reducer.
            .dsl(b -> {
                b.stream("in", css()).groupByKey().reduce((x, y) -> tail(x + "+" + y), kv("red", S, S)).toStream().to("out", pss());
            });
            // @end

        add("agg.reduce_to_null").in("in", "String", "String", K_FEW, V_SHORT_STR).nullKeys(5)
            // @topology agg.reduce_to_null
            // The reducer answers null when the new value is "y": the entry is deleted and a tombstone goes out; the next value
            // starts afresh.
            .dsl(b -> {
                b.stream("in", css()).groupByKey().reduce((x, y) -> "y".equals(y) ? null : tail(x + y), kv("red", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        add("agg.aggregate_delete").in("in", "String", "Long", K_STR, V_SMALL_LONG).nullKeys(5).tombstones(5)
            // @topology agg.aggregate_delete
            // aggregate to a text; the aggregator answers null for the value 0, which deletes the entry.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .aggregate(() -> "i", (k, v, a) -> v == 0L ? null : tail(a + "," + v), kv("agg", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        add("agg.sum_long").in("in", "Long", "Long", K_LONG, V_LONG).tombstones(5)
            // @topology agg.sum_long
            // 64-bit keys and values; negative keys exist.
            .dsl(b -> {
                b.stream("in", Consumed.with(L, L)).groupByKey()
                    .aggregate(() -> 0L, (k, v, a) -> a + v, kv("sum", L, L))
                    .toStream((k, v) -> k + 1).to("out", Produced.with(L, L));
            });
            // @end

        add("agg.count_unnamed").in("in", "String", "String", K_STR, V_STR).nullKeys(5)
            .cfg(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class.getName())
            .cfg(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class.getName())
            // @topology agg.count_unnamed
            // No names, default serdes: the store, its changelog and the repartition topic get generated names.
            .dsl(b -> {
                b.<String, String>stream("in").map((k, v) -> KeyValue.pair(s(first(v)), k)).groupByKey().count().toStream().to("out", psl());
            });
            // @end

        add("agg.reduce_in_memory").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(5)
            // @topology agg.reduce_in_memory
            // The same semantics with an in-memory store.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .reduce((x, y) -> tail(y + x), Materialized.<String, String>as(Stores.inMemoryKeyValueStore("red")).withKeySerde(S).withValueSerde(S))
                    .toStream().to("out", pss());
            });
            // @end

        add("agg.count_logging_disabled").in("in", "String", "String", K_STR, V_SHORT_STR)
            // @topology agg.count_logging_disabled
            // withLoggingDisabled: no changelog topic at all.
            .dsl(b -> {
                b.stream("in", css()).groupByKey().count(kv("cnt", S, L).withLoggingDisabled()).toStream().to("out", psl());
            });
            // @end

        add("agg.count_caching").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(5).headers(10).cache(10_000_000)
            // @topology agg.count_caching
            // Cache on, but the store sits behind a repartition topic: the driver processes and commits (so flushes) each repartitioned
            // record on its own, hence nothing collapses and every update comes out.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMap((k, v) -> {
                        final List<KeyValue<String, String>> out = new ArrayList<>();
                        if (v != null) {
                            out.add(KeyValue.pair(s(k), v));
                            out.add(KeyValue.pair(s(k), up(v)));
                        }
                        return out;
                    })
                    .groupByKey(Grouped.with("g", S, S))
                    .count(kv("cnt", S, L))
                    .toStream().to("out", psl());
            });
            // @end

        add("agg.count_caching_no_repartition").in("in", "String", "String", K_STR, V_STR).tombstones(5).cache(10_000_000)
            // @topology agg.count_caching_no_repartition
            // flatMapValues does not change the key, so all updates of one input record hit the cached store in the same pass and
            // collapse: one changelog record and one output per input record, carrying the final count.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMapValues(v -> {
                        final List<String> out = new ArrayList<>();
                        for (int i = 0; v != null && i < v.length(); i++) {
                            out.add(v.substring(i, i + 1));
                        }
                        return out;
                    })
                    .groupByKey()
                    .count(kv("cnt", S, L))
                    .toStream().to("out", psl());
            });
            // @end

        add("agg.caching_disabled_on_store").in("in", "String", "String", K_STR, V_STR).tombstones(5).cache(10_000_000)
            // @topology agg.caching_disabled_on_store
            // The application has a cache but this store opts out: every update is emitted.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMapValues(v -> {
                        final List<String> out = new ArrayList<>();
                        for (int i = 0; v != null && i < v.length(); i++) {
                            out.add(v.substring(i, i + 1));
                        }
                        return out;
                    })
                    .groupByKey()
                    .count(kv("cnt", S, L).withCachingDisabled())
                    .toStream().to("out", psl());
            });
            // @end
    }

    // ================================================================ windows

    private static void windows() {
        add("window.tumbling_count_grace").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(5).headers(10)
            .times(12, 100, 500, 100, 30, 130, 129, 131).late(30)
            .grid(100, 100, 30)
            // @topology window.tumbling_count_grace
            // Tumbling windows of 100 ms with 30 ms grace. A record is late when window end + grace <= stream time, where
            // stream time is the highest record time this operator has seen. A null value is counted like any other (only a null
            // key is dropped), unlike in the non-windowed count.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30)))
                    .count(win("cnt", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.tumbling_reduce_no_grace").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3).tombstones(8)
            .times(12, 100, 400, 100, 99, 101).late(30)
            .grid(100, 100, 0)
            // @topology window.tumbling_reduce_no_grace
            // No grace; reducer concatenates and answers null for "y" (deletes the window's entry). Tumbling and hopping windows do
            // NOT drop null values: a first null is "stored" as a delete, a later one reaches the reducer as null.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeWithNoGrace(ms(100)))
                    .reduce((x, y) -> "y".equals(y) ? null : tail(s(x) + s(y)), win("red", S, S))
                    .toStream().to("out", Produced.with(tw(100), S));
            });
            // @end

        add("window.hopping_aggregate").in("in", "String", "Long", K_STR, V_LONG).nullKeys(3)
            .times(12, 40, 400, 100, 40, 20, 120, 119, 121).late(30)
            .grid(40, 100, 20)
            // @topology window.hopping_aggregate
            // Windows of 100 ms every 40 ms (not a divisor), 20 ms grace: each record updates 2 or 3 windows, oldest first, and
            // can be late for some of them only (each one counts as a drop). Window starts are never negative.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(20)).advanceBy(ms(40)))
                    .aggregate(() -> 0L, (k, v, a) -> a + v, win("agg", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.hopping_count_even").in("in", "String", "String", K_FEW, V_STR)
            .times(10, 50, 400, 100, 50, 101, 99).late(25)
            .grid(50, 100, 0)
            // @topology window.hopping_count_even
            // Windows of 100 ms every 50 ms, no grace, unnamed store (generated name).
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeWithNoGrace(ms(100)).advanceBy(ms(50)))
                    .count()
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.sliding_reduce").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3).tombstones(5)
            .times(9, 50, 300, 50, 25, 75, 49, 51, 76).late(35)
            .bound(75)
            // @topology window.sliding_reduce
            // Sliding windows: time difference 50 ms, grace 25 ms. The windowed key's end is start + 50, inclusive.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ms(50), ms(25)))
                    .reduce((x, y) -> tail(x + y), win("red", S, S))
                    .toStream().to("out", Produced.with(tw(50), S));
            });
            // @end

        add("window.sliding_count_no_grace").in("in", "String", "String", K_STR, V_STR).nullKeys(3)
            .times(9, 50, 300, 50, 49, 51, 30).late(16)
            .bound(50)
            // @topology window.sliding_count_no_grace
            // Sliding windows without grace; records before the first full difference (time < 50) take the early-record path.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SlidingWindows.ofTimeDifferenceWithNoGrace(ms(50)))
                    .count(win("cnt", S, L))
                    .toStream().to("out", Produced.with(tw(50), L));
            });
            // @end

        add("window.sliding_aggregate_in_memory").in("in", "String", "Long", K_FEW, V_SMALL_LONG)
            .times(15, 100, 500, 100, 40, 140, 99, 101).late(30)
            .bound(140)
            // @topology window.sliding_aggregate_in_memory
            // In-memory store; the text shows the order in which values entered each window.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ms(100), ms(40)))
                    .aggregate(() -> "", (k, v, a) -> tail(a + v),
                        Materialized.<String, String>as(Stores.inMemoryWindowStore("agg", ms(400), ms(100), false)).withKeySerde(S).withValueSerde(S))
                    .toStream().to("out", Produced.with(tw(100), S));
            });
            // @end

        add("window.session_count").in("in", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(5).headers(10)
            .times(20, 50, 300, 50, 40, 90, 49, 51, 100).late(35)
            .bound(90)
            // @topology window.session_count
            // Sessions with an inactivity gap of 50 ms and 40 ms grace. A merge first emits a tombstone for each absorbed session,
            // then the merged one. A record extends a session when it is within the gap on either side, both ends inclusive.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(40)))
                    .count(ses("cnt", S, L))
                    .toStream().to("out", Produced.with(sw(), L));
            });
            // @end

        add("window.session_aggregate").in("in", "String", "Long", K_FEW, V_SMALL_LONG).tombstones(3)
            .times(25, 60, 300, 60, 30, 90, 59, 61, 120).late(35)
            .bound(90)
            // @topology window.session_aggregate
            // The text shows the order of calls: merger gives "(a|b)" shortened, aggregator appends the value.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(60), ms(30)))
                    .aggregate(() -> "i", (k, v, a) -> tail(a + v), (k, a, c) -> tail("(" + a + "|" + c + ")"), ses("agg", S, S))
                    .toStream().to("out", Produced.with(sw(), S));
            });
            // @end

        add("window.session_reduce_no_grace").in("in", "String", "String", K_FEW, V_SHORT_STR).nullKeys(3)
            .times(20, 50, 300, 50, 49, 51, 100).late(30)
            .bound(50)
            // @topology window.session_reduce_no_grace
            // Sessions without grace; the reducer serves as aggregator and as merger.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapWithNoGrace(ms(50)))
                    .reduce((x, y) -> tail(x + "." + y), ses("red", S, S))
                    .toStream().to("out", Produced.with(sw(), S));
            });
            // @end

        add("window.session_in_memory").in("in", "String", "String", K_STR, V_STR)
            .times(20, 50, 300, 50, 200, 250, 49, 51).late(30)
            .bound(250)
            // @topology window.session_in_memory
            // In-memory session store with an explicit retention of 400 ms and a larger grace.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(200)))
                    .count(Materialized.<String, Long>as(Stores.inMemorySessionStore("cnt", ms(400))).withKeySerde(S).withValueSerde(L))
                    .toStream().to("out", Produced.with(sw(), L));
            });
            // @end

        add("window.unlimited_count").in("in", "String", "String", K_STR, V_STR).nullKeys(3)
            .times(30, 100, 500, 100)
            // @topology window.unlimited_count
            // One unlimited window starting at 500: earlier records match no window and disappear without being counted as late.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(UnlimitedWindows.of().startOn(Instant.ofEpochMilli(500)))
                    .count(win("cnt", S, L))
                    .toStream((w, v) -> wk(w)).to("out", psl());
            });
            // @end

        add("window.tumbling_in_memory_retention").in("in", "String", "String", K_STR, V_STR)
            .times(15, 100, 600, 100, 150, 250, 300, 400).late(30)
            .grid(100, 100, 150)
            // @topology window.tumbling_in_memory_retention
            // In-memory window store with retention 300 ms, longer than size + grace (250 ms).
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(150)))
                    .count(Materialized.<String, Long>as(Stores.inMemoryWindowStore("cnt", ms(300), ms(100), false)).withKeySerde(S).withValueSerde(L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.tumbling_persistent_retention").in("in", "String", "String", K_FEW, V_STR)
            .times(4_000, 10_000, 70_000, 10_000, 50_000, 60_000, 120_000, 90_000).huge(400_000).late(35)
            .grid(10_000, 10_000, 60_000)
            // @topology window.tumbling_persistent_retention
            // Windows of 10 s with 60 s grace and an explicit retention of 120 s: times are large enough for segments of the
            // persistent store (60 s each) to expire.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(10_000), ms(60_000)))
                    .count(win("cnt", S, L).withRetention(ms(120_000)))
                    .toStream().to("out", Produced.with(tw(10_000), L));
            });
            // @end

        add("window.tumbling_caching").in("in", "String", "String", K_STR, V_STR).headers(10).cache(10_000_000)
            .times(12, 100, 500, 100, 30, 130).late(25)
            .grid(100, 100, 30)
            // @topology window.tumbling_caching
            // Windowed count with the cache on and several updates per input record.
            .dsl(b -> {
                b.stream("in", css())
                    .flatMapValues(v -> List.of(s(v), "second"))
                    .groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30)))
                    .count(win("cnt", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.hopping_caching").in("in", "String", "Long", K_FEW, V_LONG).cache(10_000_000)
            .times(12, 40, 400, 100, 40, 20, 120).late(25)
            .grid(40, 100, 20)
            // @topology window.hopping_caching
            // Hopping sum with the cache on; the table is filtered, so old values matter after the flush.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(20)).advanceBy(ms(40)))
                    .aggregate(() -> 0L, (k, v, a) -> a + v, win("agg", S, L))
                    .filter((w, v) -> v % 2 == 0)
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("window.session_caching").in("in", "String", "String", K_FEW, V_STR).cache(10_000_000)
            .times(20, 50, 300, 50, 40, 90, 49, 51, 100).late(30)
            .bound(90)
            // @topology window.session_caching
            // Sessions with the cache on.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(40)))
                    .count(ses("cnt", S, L))
                    .toStream().to("out", Produced.with(sw(), L));
            });
            // @end

        add("window.sliding_caching").in("in", "String", "String", K_FEW, V_SHORT_STR).cache(10_000_000)
            .times(9, 50, 300, 50, 25, 75, 49, 51).late(30)
            .bound(75)
            // @topology window.sliding_caching
            // Sliding windows with the cache on.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ms(50), ms(25)))
                    .reduce((x, y) -> tail(x + y), win("red", S, S))
                    .toStream().to("out", Produced.with(tw(50), S));
            });
            // @end

        add("window.table_filter_map").in("in", "String", "String", K_FEW, V_STR)
            .times(15, 100, 500, 100, 50, 150).late(25)
            .grid(100, 100, 50)
            // @topology window.table_filter_map
            // The windowed table is filtered and mapped into a queryable store of its own, then re-keyed to text.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(50)))
                    .count(win("cnt", S, L))
                    .filter((w, v) -> v != 3)
                    .mapValues((w, v) -> wk(w) + "=" + v, kv("mapped", tw(100), S))
                    .toStream((w, v) -> wk(w))
                    .to("out", pss());
            });
            // @end

        add("window.table_regroup").in("in", "String", "String", K_FEW, V_STR)
            .times(15, 100, 500, 100, 50, 150).late(25)
            .grid(100, 100, 50)
            // @topology window.table_regroup
            // The windowed count is regrouped by window start and summed: needs old values from a windowed store and sends
            // change records through a repartition topic.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(50)))
                    .count(win("cnt", S, L))
                    .groupBy((w, v) -> KeyValue.pair(Long.toString(w.window().start()), v), Grouped.with("bystart", S, L))
                    .reduce((x, y) -> x + y, (x, y) -> x - y, kv("sum", S, L))
                    .toStream().to("out", psl());
            });
            // @end
    }

    // ================================================================ emit strategies and suppression

    private static void emitAndSuppress() {
        add("emit.tumbling_on_close").in("in", "String", "String", K_STR, V_STR).nullKeys(5).headers(10)
            .times(12, 100, 500, 100, 30, 130, 129, 131).late(30)
            .grid(100, 100, 30)
            // @topology emit.tumbling_on_close
            // One final result per window once window end + grace <= stream time.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30)))
                    .emitStrategy(EmitStrategy.onWindowClose())
                    .count(win("cnt", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("emit.hopping_on_close").in("in", "String", "Long", K_STR, V_LONG)
            .times(12, 40, 400, 100, 40, 20, 120).late(30)
            .grid(40, 100, 20)
            // @topology emit.hopping_on_close
            // Hopping windows, final results only; one record may close many windows at once (emitted by window start, then key).
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(20)).advanceBy(ms(40)))
                    .emitStrategy(EmitStrategy.onWindowClose())
                    .aggregate(() -> 0L, (k, v, a) -> a + v, win("agg", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("emit.sliding_on_close").in("in", "String", "String", K_FEW, V_SHORT_STR)
            .times(9, 50, 300, 50, 25, 75, 49, 51).late(30)
            .bound(75)
            // @topology emit.sliding_on_close
            // Sliding windows, final results only.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ms(50), ms(25)))
                    .emitStrategy(EmitStrategy.onWindowClose())
                    .reduce((x, y) -> tail(x + y), win("red", S, S))
                    .toStream().to("out", Produced.with(tw(50), S));
            });
            // @end

        add("emit.session_on_close").in("in", "String", "String", K_STR, V_STR)
            .times(20, 50, 300, 50, 40, 90, 49, 51, 100).late(30)
            .bound(90)
            // @topology emit.session_on_close
            // Sessions, final results only: no tombstones for absorbed sessions reach the output.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(40)))
                    .emitStrategy(EmitStrategy.onWindowClose())
                    .count(ses("cnt", S, L))
                    .toStream().to("out", Produced.with(sw(), L));
            });
            // @end

        add("suppress.until_window_closes").in("in", "String", "String", K_STR, V_STR).nullKeys(5).headers(20)
            .times(12, 100, 500, 100, 30, 130, 129, 131).late(30).perKey("conf-sup-store-changelog")
            .grid(100, 100, 30)
            // @topology suppress.until_window_closes
            // Suppression of a tumbling count until the window closes, unbounded buffer. The emitted record has the time and
            // headers of the record that last updated the window. The buffer logs each dirty key once per commit.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30)))
                    .count(win("cnt", S, L))
                    .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("suppress.until_window_closes_hopping").in("in", "String", "Long", K_FEW, V_LONG)
            .times(12, 40, 400, 100, 40, 20, 120).late(30).perKey("conf-KTABLE-SUPPRESS-STATE-STORE-0000000003-changelog")
            .grid(40, 100, 20)
            // @topology suppress.until_window_closes_hopping
            // Hopping windows, generated names, suppressed, then mapped.
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(20)).advanceBy(ms(40)))
                    .aggregate(() -> 0L, (k, v, a) -> a + v, win("agg", S, L))
                    .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                    .mapValues(v -> v * 10)
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("suppress.until_window_closes_session").in("in", "String", "String", K_FEW, V_STR)
            .times(20, 50, 300, 50, 40, 90, 49, 51, 100).late(30).perKey("conf-sup-store-changelog")
            .bound(90)
            // @topology suppress.until_window_closes_session
            // Sessions: tombstones of absorbed sessions enter the buffer too and are removed there when nothing was emitted yet.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(40)))
                    .count(ses("cnt", S, L))
                    .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .toStream().to("out", Produced.with(sw(), L));
            });
            // @end

        add("suppress.until_time_limit").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3).headers(20)
            .times(15, 50, 300, 50, 49, 51, 100).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.until_time_limit
            // Rate limiting a non-windowed count: each key waits 50 ms of event time from its first buffered update.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .count(kv("cnt", S, L))
                    .suppress(Suppressed.<String>untilTimeLimit(ms(50), Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .toStream().to("out", psl());
            });
            // @end

        add("suppress.table_tombstones").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3).tombstones(35)
            .times(15, 50, 300, 50, 49, 51, 100).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.table_tombstones
            // A source table with many deletes, suppressed for 50 ms, then filtered (old values needed downstream).
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .suppress(Suppressed.<String>untilTimeLimit(ms(50), Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .filter((k, v) -> !"y".equals(v))
                    .toStream().to("out", pss());
            });
            // @end

        add("suppress.max_records").in("in", "String", "String", K_STR, V_SHORT_STR)
            .times(10, 50, 300, 100, 50).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.max_records
            // At most two buffered records, emit early when full (the oldest by buffer time goes first).
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .count(kv("cnt", S, L))
                    .suppress(Suppressed.<String>untilTimeLimit(ms(100), Suppressed.BufferConfig.maxRecords(2).emitEarlyWhenFull()).withName("sup"))
                    .toStream().to("out", psl());
            });
            // @end

        add("suppress.max_bytes").in("in", "String", "String", K_STR, V_STR).tombstones(10)
            .times(10, 50, 300, 100, 50).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.max_bytes
            // At most 250 bytes of buffer, emit early when full. The size accounting is the Java library's own; a different
            // implementation may legitimately differ here (optional case).
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .suppress(Suppressed.<String>untilTimeLimit(ms(100), Suppressed.BufferConfig.maxBytes(250).emitEarlyWhenFull()).withName("sup"))
                    .toStream().to("out", pss());
            });
            // @end

        add("suppress.time_limit_zero").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3)
            .times(10, 50, 300, 50).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.time_limit_zero
            // A limit of zero: whatever is not ahead of stream time leaves at once.
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .count(kv("cnt", S, L))
                    .suppress(Suppressed.<String>untilTimeLimit(Duration.ZERO, Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .toStream().to("out", psl());
            });
            // @end

        add("suppress.windowed_time_limit").in("in", "String", "String", K_FEW, V_STR)
            .times(15, 100, 500, 100, 60, 160).late(25).perKey("conf-sup-store-changelog")
            .grid(100, 100, 60)
            // @topology suppress.windowed_time_limit
            // A time limit of 60 ms on a windowed table, buffer logging disabled (no suppress changelog topic).
            .dsl(b -> {
                b.stream("in", css()).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(60)))
                    .count(win("cnt", S, L))
                    .suppress(Suppressed.<Windowed<String>>untilTimeLimit(ms(60),
                        Suppressed.BufferConfig.unbounded().withLoggingDisabled()).withName("sup"))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("suppress.then_regroup").in("in", "String", "String", K_FEW, V_SHORT_STR).tombstones(20)
            .times(15, 50, 300, 50, 49, 51).late(20).perKey("conf-sup-store-changelog")
            // @topology suppress.then_regroup
            // A suppressed table regrouped by value: the change that leaves the buffer carries the old value of the latest buffered
            // update, not what was emitted before, so the counts drift (even below zero): the reference's behaviour, kept as recorded.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .suppress(Suppressed.<String>untilTimeLimit(ms(50), Suppressed.BufferConfig.unbounded()).withName("sup"))
                    .groupBy((k, v) -> KeyValue.pair(first(v), v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L))
                    .toStream().to("out", psl());
            });
            // @end
    }

    // ================================================================ stream joins

    private static Harness.Case two(final String id) {
        return add(id).in("left", "String", "String", K_STR, V_STR).nullKeys(6).tombstones(6)
            .in("right", "String", "String", K_STR, V_STR).nullKeys(6).tombstones(6);
    }

    private static void streamJoins() {
        two("join.stream_stream_inner").headers(10).times(12, 50, 300, 50, 20, 70, 49, 51, 71).late(30)
            .bound(70, 50)
            // @topology join.stream_stream_inner
            // Window +-50 ms (both ends inclusive), 20 ms grace. Null keys and null values are dropped (counted).
            .dsl(b -> {
                b.stream("left", css()).join(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)), StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_left").headers(10).times(12, 50, 300, 50, 20, 70, 49, 51, 71).late(30)
            .bound(70, 50)
            // @topology join.stream_stream_left
            // Left join: an unmatched left record is emitted with a null right value once its window has closed, in time order;
            // a null-key left record is emitted at once.
            .dsl(b -> {
                b.stream("left", css()).leftJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)), StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_outer").headers(10).times(12, 50, 300, 50, 20, 70, 49, 51, 71).late(30)
            .bound(70, 50)
            // @topology join.stream_stream_outer
            // Outer join with a joiner that also sees the key.
            .dsl(b -> {
                b.stream("left", css()).outerJoin(b.stream("right", css()), (k, x, y) -> s(k) + "/" + cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)), StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_left_asymmetric").times(12, 50, 300, 30, 80, 20, 100, 29, 31, 79, 81).late(30)
            .bound(50, 100, 30, 80)
            // @topology join.stream_stream_left_asymmetric
            // before(30) and after(80): a right record matches from left time - 30 to left time + 80.
            .dsl(b -> {
                b.stream("left", css()).leftJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)).before(ms(30)).after(ms(80)),
                        StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_outer_asymmetric").times(12, 50, 300, 0, 80, 30, 110, 79, 81).late(30)
            .bound(30, 110, 80)
            // @topology join.stream_stream_outer_asymmetric
            // before(0) and after(80), generated names.
            .dsl(b -> {
                b.stream("left", css()).outerJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(80), ms(30)).before(ms(0)),
                        StreamJoined.with(S, S, S))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_inner_past_only").times(12, 50, 300, 10, 60, 9, 11, 59, 61).late(30)
            .bound(60, 10)
            // @topology join.stream_stream_inner_past_only
            // before(60) and after(-10): the right record must be 10 to 60 ms older than the left one.
            .dsl(b -> {
                b.stream("left", css()).join(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(60), ms(0)).after(ms(-10)),
                        StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_outer_no_grace").times(12, 50, 300, 50, 49, 51).late(30)
            .bound(50)
            // @topology join.stream_stream_outer_no_grace
            // Outer join without grace.
            .dsl(b -> {
                b.stream("left", css()).outerJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceWithNoGrace(ms(50)), StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_outer_in_memory").times(12, 50, 300, 50, 20, 70, 49, 51).late(30)
            .bound(70, 50)
            // @topology join.stream_stream_outer_in_memory
            // All three stores in memory through the built-in in-memory suppliers.
            .dsl(b -> {
                b.stream("left", css()).outerJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)),
                        StreamJoined.with(S, S, S).withName("j").withStoreName("js").withDslStoreSuppliers(BuiltInDslStoreSuppliers.IN_MEMORY))
                    .to("out", pss());
            });
            // @end

        two("join.stream_stream_left_rekeyed").times(12, 50, 300, 50, 20, 70).late(25)
            .bound(70, 50)
            // @topology join.stream_stream_left_rekeyed
            // Both sides get a new key first (first character of the value), so each passes through its own repartition topic;
            // null keys survive on the left side of a left join.
            .dsl(b -> {
                b.stream("left", css()).selectKey((k, v) -> first(v) == null ? null : up(first(v)))
                    .leftJoin(b.stream("right", css()).selectKey((k, v) -> first(v) == null ? null : up(first(v))), (x, y) -> cat(x, y),
                        JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)), StreamJoined.with(S, S, S).withName("j").withStoreName("js"))
                    .to("out", pss());
            });
            // @end

        add("join.stream_stream_self").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(5)
            .times(12, 50, 300, 50, 20, 70, 49, 51).late(25)
            .bound(70, 50)
            // @topology join.stream_stream_self
            // A stream joined with itself, optimization off: two window stores.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in", css());
                x.join(x, (l, r) -> cat(l, r), JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)),
                    StreamJoined.with(S, S, S).withName("j").withStoreName("js")).to("out", pss());
            });
            // @end

        add("join.stream_stream_self_optimized").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(5)
            .times(12, 50, 300, 50, 20, 70, 49, 51).late(25).optimize()
            .bound(70, 50)
            // @topology join.stream_stream_self_optimized
            // The same with optimization on: one window store and a dedicated self-join processor. Output order differs.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in", css());
                x.join(x, (l, r) -> cat(l, r), JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)),
                    StreamJoined.with(S, S, S).withName("j").withStoreName("js")).to("out", pss());
            });
            // @end

        add("join.stream_table_inner").in("s", "String", "String", K_STR, V_STR).nullKeys(6).tombstones(6).headers(10)
            .in("t", "String", "String", K_STR, V_STR).nullKeys(4).tombstones(20)
            // @topology join.stream_table_inner
            // Only stream records trigger output; the table is looked up as it stands (arrival order, not event time).
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S));
                b.stream("s", css()).join(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j")).to("out", pss());
            });
            // @end

        add("join.stream_table_left").in("s", "String", "String", K_STR, V_STR).nullKeys(6).tombstones(6)
            .in("t", "String", "String", K_STR, V_STR).tombstones(20)
            // @topology join.stream_table_left
            // Left join with a joiner that sees the key; the table has no name (no queryable store).
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css());
                b.stream("s", css()).leftJoin(t, (k, x, y) -> s(k) + "/" + cat(x, y), Joined.with(S, S, S)).to("out", pss());
            });
            // @end

        add("join.stream_table_rekeyed").in("s", "String", "String", K_STR, V_SHORT_STR).nullKeys(6).tombstones(6)
            .in("t", "String", "String", K_PQ, V_STR).tombstones(15)
            // @topology join.stream_table_rekeyed
            // The stream is re-keyed (repartition topic named after the join) and joined with a mapped table.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S)).mapValues(v -> up(v));
                b.stream("s", css()).selectKey((k, v) -> first(v)).join(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j")).to("out", pss());
            });
            // @end

        add("join.stream_table_versioned").in("s", "String", "String", K_STR, V_STR).nullKeys(3)
            .in("t", "String", "String", K_STR, V_STR).tombstones(20).times(15, 50, 300, 100, 200, 201, 50).late(35)
            .bound(200)
            // @topology join.stream_table_versioned
            // A versioned table (history 200 ms): the lookup is as of the stream record's time.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("vt", ms(200))).withKeySerde(S).withValueSerde(S));
                b.stream("s", css()).leftJoin(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j")).to("out", pss());
            });
            // @end

        add("join.stream_table_versioned_grace").in("s", "String", "String", K_STR, V_STR).nullKeys(3).headers(15)
            .in("t", "String", "String", K_STR, V_STR).tombstones(20).times(15, 50, 300, 60, 59, 61, 200, 50).late(30)
            .bound(60, 200)
            // @topology join.stream_table_versioned_grace
            // Stream records wait 60 ms of event time in a buffer before the as-of lookup; later ones than that join at once.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("vt", ms(200), ms(50))).withKeySerde(S).withValueSerde(S));
                b.stream("s", css()).join(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j").withGracePeriod(ms(60))).to("out", pss());
            });
            // @end

        add("join.stream_table_left_grace").in("s", "String", "String", K_FEW, V_STR)
            .in("t", "String", "String", K_FEW, V_STR).tombstones(20).times(15, 50, 300, 60, 59, 61, 200, 50).late(30)
            .bound(60)
            // @topology join.stream_table_left_grace
            // The left variant with grace equal to the history retention. Null stream keys are left out on purpose: with a grace
            // period the Java library fails on them in a left join.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("vt", ms(60))).withKeySerde(S).withValueSerde(S));
                b.stream("s", css()).leftJoin(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j").withGracePeriod(ms(60))).to("out", pss());
            });
            // @end

        add("join.stream_globaltable_inner").in("s", "String", "String", K_STR, V_FK).nullKeys(6).tombstones(6)
            .in("g", "String", "String", K_FK, V_STR).nullKeys(4).tombstones(20)
            // @topology join.stream_globaltable_inner
            // The mapped key (what stands before '|') selects the global entry; a null mapped key drops the record.
            // Global stores have no changelog topic of their own.
            .dsl(b -> {
                final GlobalKTable<String, String> g = b.globalTable("g", css(), kv("gt", S, S));
                b.stream("s", css()).join(g, (k, v) -> fk(v), (x, y) -> cat(x, y), Named.as("gj")).to("out", pss());
            });
            // @end

        add("join.stream_globaltable_left").in("s", "String", "String", K_STR, V_FK).nullKeys(6).tombstones(6)
            .in("g", "String", "String", K_FK, V_STR).tombstones(20)
            // @topology join.stream_globaltable_left
            // Left join on a global table: a null mapped key still gives an output with a null right value.
            .dsl(b -> {
                final GlobalKTable<String, String> g = b.globalTable("g", css());
                b.stream("s", css()).leftJoin(g, (k, v) -> fk(v), (k, x, y) -> s(k) + "/" + cat(x, y)).to("out", pss());
            });
            // @end
    }

    // ================================================================ table joins

    private static Harness.Case twoTables(final String id) {
        return add(id).in("left", "String", "String", K_STR, V_STR).nullKeys(4).tombstones(25)
            .in("right", "String", "String", K_STR, V_STR).nullKeys(4).tombstones(25);
    }

    private static Harness.Case fkTables(final String id) {
        return add(id).in("left", "String", "String (fk|text)", K_STR, V_FK).nullKeys(4).tombstones(20).weight(3)
            .in("right", "String", "String", K_FK, V_STR).nullKeys(3).tombstones(25).weight(2);
    }

    private static void tableJoins() {
        twoTables("join.table_table_inner").headers(10)
            // @topology join.table_table_inner
            // Inner join of two source tables; a tombstone goes out only when there was something to delete. The output time is
            // the higher of the two sides.
            .dsl(b -> {
                b.table("left", css(), kv("lt", S, S)).join(b.table("right", css(), kv("rt", S, S)), (x, y) -> cat(x, y))
                    .toStream().to("out", pss());
            });
            // @end

        twoTables("join.table_table_left")
            // @topology join.table_table_left
            // Left join.
            .dsl(b -> {
                b.table("left", css(), kv("lt", S, S)).leftJoin(b.table("right", css(), kv("rt", S, S)), (x, y) -> cat(x, y))
                    .toStream().to("out", pss());
            });
            // @end

        twoTables("join.table_table_outer")
            // @topology join.table_table_outer
            // Outer join.
            .dsl(b -> {
                b.table("left", css(), kv("lt", S, S)).outerJoin(b.table("right", css(), kv("rt", S, S)), (x, y) -> cat(x, y))
                    .toStream().to("out", pss());
            });
            // @end

        twoTables("join.table_table_materialized")
            // @topology join.table_table_materialized
            // The join result has its own queryable store and name; then it is filtered (old values come from the join store).
            .dsl(b -> {
                b.table("left", css(), kv("lt", S, S))
                    .outerJoin(b.table("right", css(), kv("rt", S, S)), (x, y) -> cat(x, y), Named.as("jt"), kv("joined", S, S))
                    .filter((k, v) -> v.length() % 2 == 1)
                    .toStream().to("out", pss());
            });
            // @end

        twoTables("join.table_table_caching").cache(10_000_000)
            // @topology join.table_table_caching
            // Cache on, join result materialized: each commit flushes the source store first, whose forward fills the join
            // store's cache, which is flushed after it.
            .dsl(b -> {
                b.table("left", css(), kv("lt", S, S))
                    .join(b.table("right", css(), kv("rt", S, S)), (x, y) -> cat(x, y), Named.as("jt"), kv("joined", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        add("join.table_table_chain").in("t1", "String", "String", K_FEW, V_STR).tombstones(25)
            .in("t2", "String", "String", K_FEW, V_STR).tombstones(25).in("t3", "String", "String", K_FEW, V_STR).tombstones(25)
            // @topology join.table_table_chain
            // Three tables: (t1 inner t2) left t3, no store in between, so values are recomputed through value getters.
            .dsl(b -> {
                final KTable<String, String> t1 = b.table("t1", css());
                final KTable<String, String> t2 = b.table("t2", css());
                final KTable<String, String> t3 = b.table("t3", css());
                t1.join(t2.mapValues(v -> up(v)), (x, y) -> cat(x, y)).leftJoin(t3.filter((k, v) -> v.length() > 1), (x, y) -> cat(x, y))
                    .toStream().to("out", pss());
            });
            // @end

        add("join.table_table_self").in("t", "String", "String", K_FEW, V_STR).tombstones(25)
            // @topology join.table_table_self
            // A table joined with a mapped view of itself: each update runs through both sides, left one first.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S));
                t.join(t.mapValues(v -> up(v)), (x, y) -> cat(x, y)).toStream().to("out", pss());
            });
            // @end

        add("join.table_table_versioned").in("left", "String", "String", K_FEW, V_STR).tombstones(20)
            .in("right", "String", "String", K_FEW, V_STR).tombstones(20).times(15, 50, 300, 50, 100, 300, 301).late(35)
            .bound(300)
            // @topology join.table_table_versioned
            // Both tables versioned: out-of-order updates change the store's history but produce no join output.
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("lt", ms(300))).withKeySerde(S).withValueSerde(S));
                final KTable<String, String> r = b.table("right", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("rt", ms(300))).withKeySerde(S).withValueSerde(S));
                l.outerJoin(r, (x, y) -> cat(x, y)).toStream().to("out", pss());
            });
            // @end

        fkTables("join.fk_inner")
            // @topology join.fk_inner
            // Foreign-key inner join: the foreign key is what stands before '|' in the left value (null when there is no '|').
            // The subscription and response topics, their bytes and the subscription store are all part of the expectation.
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css(), kv("lt", S, S));
                final KTable<String, String> r = b.table("right", css(), kv("rt", S, S));
                l.join(r, v -> fk(v), (x, y) -> cat(x, y), TableJoined.as("fk"), kv("res", S, S)).toStream().to("out", pss());
            });
            // @end

        fkTables("join.fk_left").headers(10)
            // @topology join.fk_left
            // Foreign-key left join, generated names, no result store.
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css());
                final KTable<String, String> r = b.table("right", css());
                l.leftJoin(r, v -> fk(v), (x, y) -> cat(x, y), Materialized.with(S, S)).toStream().to("out", pss());
            });
            // @end

        fkTables("join.fk_key_value_extractor")
            // @topology join.fk_key_value_extractor
            // The foreign key depends on key and value: for the key "b" it is always "z".
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css(), kv("lt", S, S));
                final KTable<String, String> r = b.table("right", css(), kv("rt", S, S));
                l.join(r, (k, v) -> "b".equals(k) ? "z" : fk(v), (x, y) -> cat(x, y), TableJoined.as("fk"), kv("res", S, S))
                    .mapValues(v -> v + "!").toStream().to("out", pss());
            });
            // @end

        add("join.fk_self").in("t", "String", "String (fk|text)",
                (r, ts) -> utf8(List.of("x", "y", "xx", "z").get(r.below(4))), V_FK).tombstones(20)
            // @topology join.fk_self
            // A table whose foreign key points to its own keys.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S));
                t.leftJoin(t, v -> fk(v), (x, y) -> cat(x, y), TableJoined.as("fk"), kv("res", S, S)).toStream().to("out", pss());
            });
            // @end

        fkTables("join.fk_caching").cache(10_000_000)
            // @topology join.fk_caching
            // Foreign-key inner join with the cache on.
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css(), kv("lt", S, S));
                final KTable<String, String> r = b.table("right", css(), kv("rt", S, S));
                l.join(r, v -> fk(v), (x, y) -> cat(x, y), TableJoined.as("fk"), kv("res", S, S)).toStream().to("out", pss());
            });
            // @end

        fkTables("join.fk_versioned").times(15, 50, 300, 50, 100, 300).late(30)
            .bound(300)
            // @topology join.fk_versioned
            // Foreign-key join of two versioned tables.
            .dsl(b -> {
                final KTable<String, String> l = b.table("left", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("lt", ms(300))).withKeySerde(S).withValueSerde(S));
                final KTable<String, String> r = b.table("right", css(),
                    Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("rt", ms(300))).withKeySerde(S).withValueSerde(S));
                l.join(r, v -> fk(v), (x, y) -> cat(x, y), TableJoined.as("fk"), Materialized.with(S, S)).toStream().to("out", pss());
            });
            // @end
    }

    // ================================================================ cogroup

    private static void cogroups() {
        add("cogroup.kv").in("in1", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(8)
            .in("in2", "String", "Long", K_STR, V_SMALL_LONG).nullKeys(5).tombstones(8)
            // @topology cogroup.kv
            // Two grouped streams of different value types feed one aggregate.
            .dsl(b -> {
                final KGroupedStream<String, String> g1 = b.stream("in1", css()).groupByKey();
                final KGroupedStream<String, Long> g2 = b.stream("in2", Consumed.with(S, L)).groupByKey();
                g1.<String>cogroup((k, v, a) -> tail(a + "+" + v)).cogroup(g2, (k, v, a) -> v == 0L ? null : tail(a + "#" + v))
                    .aggregate(() -> "", kv("cg", S, S)).toStream().to("out", pss());
            });
            // @end

        add("cogroup.repartitioned").in("in1", "String", "String", K_STR, V_SHORT_STR)
            .in("in2", "String", "String", K_STR, V_SHORT_STR).tombstones(5)
            // @topology cogroup.repartitioned
            // Both inputs are re-keyed, so two repartition topics appear.
            .dsl(b -> {
                final KGroupedStream<String, String> g1 = b.stream("in1", css()).groupBy((k, v) -> first(v), Grouped.with("g1", S, S));
                final KGroupedStream<String, String> g2 = b.stream("in2", css()).selectKey((k, v) -> first(v)).groupByKey(Grouped.with("g2", S, S));
                g1.<String>cogroup((k, v, a) -> tail(a + "+" + v)).cogroup(g2, (k, v, a) -> tail(a + "#" + v))
                    .aggregate(() -> "", Named.as("cga"), kv("cg", S, S)).toStream().to("out", pss());
            });
            // @end

        add("cogroup.tumbling").in("in1", "String", "String", K_FEW, V_SHORT_STR).nullKeys(3)
            .in("in2", "String", "Long", K_FEW, V_SMALL_LONG).times(15, 100, 400, 100, 30, 130).late(30)
            .grid(100, 100, 30)
            // @topology cogroup.tumbling
            // Each input has its own aggregate processor, hence its own idea of stream time, over one shared window store.
            .dsl(b -> {
                final KGroupedStream<String, String> g1 = b.stream("in1", css()).groupByKey();
                final KGroupedStream<String, Long> g2 = b.stream("in2", Consumed.with(S, L)).groupByKey();
                g1.<String>cogroup((k, v, a) -> tail(a + "+" + v)).cogroup(g2, (k, v, a) -> tail(a + "#" + v))
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30)))
                    .aggregate(() -> "", win("cg", S, S)).toStream().to("out", Produced.with(tw(100), S));
            });
            // @end

        add("cogroup.session").in("in1", "String", "String", K_FEW, V_SHORT_STR)
            .in("in2", "String", "Long", K_FEW, V_SMALL_LONG).times(20, 50, 300, 50, 40, 90, 51, 49).late(30)
            .bound(90)
            // @topology cogroup.session
            // Sessions over two inputs.
            .dsl(b -> {
                final KGroupedStream<String, String> g1 = b.stream("in1", css()).groupByKey();
                final KGroupedStream<String, Long> g2 = b.stream("in2", Consumed.with(S, L)).groupByKey();
                g1.<String>cogroup((k, v, a) -> tail(a + "+" + v)).cogroup(g2, (k, v, a) -> tail(a + "#" + v))
                    .windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(50), ms(40)))
                    .aggregate(() -> "", (k, x, y) -> tail(x + "|" + y), ses("cg", S, S)).toStream().to("out", Produced.with(sw(), S));
            });
            // @end

        add("cogroup.sliding").in("in1", "String", "String", K_FEW, V_SHORT_STR)
            .in("in2", "String", "Long", K_FEW, V_SMALL_LONG).times(12, 50, 300, 50, 25, 75, 51, 49).late(30)
            .bound(75)
            // @topology cogroup.sliding
            // Sliding windows over two inputs.
            .dsl(b -> {
                final KGroupedStream<String, String> g1 = b.stream("in1", css()).groupByKey();
                final KGroupedStream<String, Long> g2 = b.stream("in2", Consumed.with(S, L)).groupByKey();
                g1.<String>cogroup((k, v, a) -> tail(a + "+" + v)).cogroup(g2, (k, v, a) -> tail(a + "#" + v))
                    .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ms(50), ms(25)))
                    .aggregate(() -> "", win("cg", S, S)).toStream().to("out", Produced.with(tw(50), S));
            });
            // @end
    }

    // ================================================================ tables

    private static Harness.Case table(final String id) {
        return add(id).in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(25);
    }

    private static void tables() {
        table("table.to_stream").headers(10)
            // @topology table.to_stream
            // A source table without a name: no store is materialized, updates pass straight to the stream; null keys are dropped.
            .dsl(b -> {
                b.table("in", css()).toStream().to("out", pss());
            });
            // @end

        table("table.to_stream_materialized").headers(10)
            // @topology table.to_stream_materialized
            // A named source table: store and changelog exist. toStream re-keys. Out-of-order updates overwrite.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S)).toStream((k, v) -> s(v)).to("out", pss());
            });
            // @end

        table("table.filter")
            // @topology table.filter
            // filter and filterNot on a materialized source, results not materialized. Because the source has a store, old values
            // are available: a tombstone is forwarded only when the previous value of the key had passed the predicate.
            .dsl(b -> {
                final KTable<String, String> t = b.table("in", css(), kv("tbl", S, S));
                t.filter((k, v) -> v.startsWith("x")).toStream().to("out-x", pss());
                t.filterNot((k, v) -> v.startsWith("x")).toStream().to("out-not-x", pss());
            });
            // @end

        table("table.filter_virtual")
            // @topology table.filter_virtual
            // The same filters over a source table without a store: no old values, so every rejected update forwards a tombstone.
            .dsl(b -> {
                final KTable<String, String> t = b.table("in", css());
                t.filter((k, v) -> v.startsWith("x")).toStream().to("out-x", pss());
                t.filterNot((k, v) -> v.startsWith("x")).toStream().to("out-not-x", pss());
            });
            // @end

        table("table.filter_materialized")
            // @topology table.filter_materialized
            // A source table without a store, but filtered tables with stores of their own. Nothing downstream needs old values, so
            // every rejected update still writes and forwards a tombstone.
            .dsl(b -> {
                final KTable<String, String> t = b.table("in", css());
                t.filter((k, v) -> v.startsWith("x"), Named.as("fx"), kv("fx", S, S)).toStream().to("out-x", pss());
                t.filterNot((k, v) -> v.startsWith("x"), kv("fnx", S, S)).toStream().to("out-not-x", pss());
            });
            // @end

        table("table.map_values")
            // @topology table.map_values
            // mapValues: once virtual, once materialized, once with the key. The mapper is not called for tombstones.
            .dsl(b -> {
                final KTable<String, String> t = b.table("in", css());
                t.mapValues(v -> up(v)).toStream().to("out-1", pss());
                t.mapValues(v -> (long) v.length(), kv("len", S, L)).toStream().to("out-2", psl());
                t.mapValues((k, v) -> "x1".equals(v) ? null : k + v, Named.as("mk"), kv("mk", S, S)).toStream().to("out-3", pss());
            });
            // @end

        table("table.caching").cache(10_000_000)
            // @topology table.caching
            // Source table, filter and mapValues, all materialized, cache on.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .filter((k, v) -> !v.equals("q"), kv("flt", S, S))
                    .mapValues(v -> up(v), kv("map", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        table("table.transform_values")
            // @topology table.transform_values
            // transformValues without its own store: the transformer sees key, value and the record time of the context.
            // It IS called for tombstones (value null).
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .transformValues(() -> new ValueTransformerWithKey<String, String, String>() {
                        private ProcessorContext ctx;

                        @Override
                        public void init(final ProcessorContext context) {
                            ctx = context;
                        }

                        @Override
                        public String transform(final String k, final String v) {
                            return v == null ? null : k + v + "@" + ctx.timestamp();
                        }

                        @Override
                        public void close() {
                        }
                    })
                    .toStream().to("out", pss());
            });
            // @end

        table("table.transform_values_stateful")
            // @topology table.transform_values_stateful
            // transformValues with an additional store counting updates per key, result materialized, tombstones counted too.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("seen"), S, L));
                b.table("in", css(), kv("tbl", S, S))
                    .transformValues(() -> new ValueTransformerWithKey<String, String, String>() {
                        private KeyValueStore<String, Long> seen;

                        @Override
                        public void init(final ProcessorContext context) {
                            seen = context.getStateStore("seen");
                        }

                        @Override
                        public String transform(final String k, final String v) {
                            final Long old = seen.get(k);
                            final long n = old == null ? 1L : old + 1;
                            seen.put(k, n);
                            return n % 4 == 0 ? null : s(v) + "#" + n;
                        }

                        @Override
                        public void close() {
                        }
                    }, kv("tv", S, S), Named.as("tvp"), "seen")
                    .toStream().to("out", pss());
            });
            // @end

        table("table.groupby_count").headers(10)
            // @topology table.groupby_count
            // groupBy the first character of the value, count: subtract for the old value first, then add for the new one. The
            // repartition value carries old and new with a marker byte.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .groupBy((k, v) -> KeyValue.pair(first(v), v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L)).toStream().to("out", psl());
            });
            // @end

        add("table.groupby_reduce").in("in", "String", "String", K_FEW, V_SHORT_STR).nullKeys(5).tombstones(25)
            // @topology table.groupby_reduce
            // reduce with adder and subtractor that leave a trace of the calls.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .groupBy((k, v) -> KeyValue.pair(first(v), k + v), Grouped.with("g", S, S))
                    .reduce((a, v) -> tail(a + "+" + v), (a, v) -> tail(a + "-" + v), kv("red", S, S)).toStream().to("out", pss());
            });
            // @end

        add("table.groupby_aggregate").in("in", "String", "Long", K_STR, V_SMALL_LONG).nullKeys(5).tombstones(20)
            // @topology table.groupby_aggregate
            // aggregate; the new key is "even" or "odd", and a null new key for 4 (that side of the change is dropped). An update
            // that stays within the same new key is sent as one record with both old and new value.
            .dsl(b -> {
                b.table("in", Consumed.with(S, L), kv("tbl", S, L))
                    .groupBy((k, v) -> KeyValue.pair(v == 4L ? null : v % 2 == 0 ? "even" : "odd", v), Grouped.with("g", S, L))
                    .aggregate(() -> "", (k, v, a) -> tail(a + "+" + v), (k, v, a) -> tail(a + "-" + v), Named.as("ag"), kv("agg", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        table("table.groupby_caching").cache(10_000_000)
            // @topology table.groupby_caching
            // Regrouped count with the cache on.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .groupBy((k, v) -> KeyValue.pair(first(v), v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L)).toStream().to("out", psl());
            });
            // @end

        table("table.versioned_source").times(15, 50, 300, 50, 200, 199, 201, 400).late(40)
            .bound(200)
            // @topology table.versioned_source
            // A versioned source table (history 200 ms): out-of-order updates still go downstream from the source; updates older
            // than the history are dropped.
            .dsl(b -> {
                b.table("in", css(), Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("vt", ms(200), ms(40)))
                        .withKeySerde(S).withValueSerde(S))
                    .toStream().to("out", pss());
            });
            // @end

        table("table.versioned_filter_groupby").times(15, 50, 300, 50, 200, 400).late(40)
            .bound(500)
            // @topology table.versioned_filter_groupby
            // Downstream of a versioned table, filter, mapValues and groupBy aggregate see only the latest version: out-of-order
            // updates do not disturb the aggregate.
            .dsl(b -> {
                b.table("in", css(), Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("vt", ms(500)))
                        .withKeySerde(S).withValueSerde(S))
                    .filter((k, v) -> !"q".equals(v))
                    .mapValues(v -> up(v))
                    .groupBy((k, v) -> KeyValue.pair(first(v), v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L)).toStream().to("out", psl());
            });
            // @end

        table("table.unversioned_groupby_out_of_order").times(15, 50, 300, 50, 200, 400).late(40)
            // @topology table.unversioned_groupby_out_of_order
            // The contrast to the previous one with an ordinary store: late updates overwrite.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S))
                    .filter((k, v) -> !"q".equals(v))
                    .mapValues(v -> up(v))
                    .groupBy((k, v) -> KeyValue.pair(first(v), v), Grouped.with("g", S, S))
                    .count(kv("cnt", S, L)).toStream().to("out", psl());
            });
            // @end

        add("table.global").in("g", "String", "String", K_STR, V_STR).nullKeys(5).tombstones(25).in("other", "String", "String", K_STR, V_STR)
            // @topology table.global
            // A global table alone beside an unrelated stream: it produces nothing; its content shows in the store dump.
            .dsl(b -> {
                b.globalTable("g", css(), kv("gt", S, S));
                b.stream("other", css()).to("out", pss());
            });
            // @end
    }

    // ================================================================ Processor API

    private static void processorApi() {
        add("papi.process_kv_store").in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(10).headers(15)
            // @topology papi.process_kv_store
            // KStream.process with a plain key-value store: swaps in the previous value, changes the key, forwards two records.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            if (r.key() == null) {
                                return;
                            }
                            final KeyValueStore<String, String> st = context().getStateStore("st");
                            final String old = st.get(r.key());
                            st.put(r.key(), r.value());
                            context().forward(r.withKey("k" + r.key()).withValue(cat(old, r.value())));
                            context().forward(r.withValue((String) null).withTimestamp(r.timestamp() + 1));
                        }
                    }, Named.as("pr"), "st")
                    .to("out", pss());
            });
            // @end

        add("papi.process_values_store").in("in", "String", "String", K_STR, V_SHORT_STR).tombstones(10)
            // @topology papi.process_values_store
            // processValues with a timestamped store; the key cannot change, so the following count needs no repartition topic.
            .dsl(b -> {
                b.addStateStore(Stores.timestampedKeyValueStoreBuilder(Stores.persistentTimestampedKeyValueStore("st"), S, S));
                b.stream("in", css())
                    .processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
                        @Override
                        public void process(final FixedKeyRecord<String, String> r) {
                            final TimestampedKeyValueStore<String, String> st = context().getStateStore("st");
                            final ValueAndTimestamp<String> old = st.get(r.key());
                            st.put(r.key(), ValueAndTimestamp.make(r.value(), r.timestamp()));
                            if (old == null || old.timestamp() <= r.timestamp()) {
                                context().forward(r.withValue(s(r.value()) + "@" + r.timestamp() + "<" + (old == null ? "none" : cat(old.value(), old.timestamp()))));
                            }
                        }
                    }, Named.as("pv"), "st")
                    .groupByKey(Grouped.with(S, S))
                    .count(kv("cnt", S, L))
                    .toStream().to("out", psl());
            });
            // @end

        add("papi.punctuate_stream_time").in("in", "String", "String", K_STR, V_STR).times(15, 50, 300, 50, 51, 49)
            // @topology papi.punctuate_stream_time
            // Stream-time punctuation every 50 ms: forwards all entries of the store (key order) with the punctuation time.
            // The first record triggers the first one; a long gap triggers a single one.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, L));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, Long>() {
                        private KeyValueStore<String, Long> st;

                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, Long> ctx) {
                            super.init(ctx);
                            st = ctx.getStateStore("st");
                            ctx.schedule(ms(50), PunctuationType.STREAM_TIME, t -> {
                                try (KeyValueIterator<String, Long> it = st.all()) {
                                    while (it.hasNext()) {
                                        final KeyValue<String, Long> e = it.next();
                                        ctx.forward(new Record<>(e.key, e.value, t));
                                    }
                                }
                            });
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            final Long old = st.get(r.key());
                            st.put(r.key(), old == null ? 1L : old + 1);
                        }
                    }, "st")
                    .to("out", psl());
            });
            // @end

        add("papi.punctuate_wall_clock").in("in", "String", "String", K_STR, V_STR).wall(30, 1, 50, 99, 100, 101, 350)
            // @topology papi.punctuate_wall_clock
            // Wall-clock punctuation every 100 ms: forwards and then deletes all entries. Time passes only through
            // advance_wall_clock_ms steps; the callback gets the wall-clock time. One advance fires it at most once.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, L));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, Long>() {
                        private KeyValueStore<String, Long> st;

                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, Long> ctx) {
                            super.init(ctx);
                            st = ctx.getStateStore("st");
                            ctx.schedule(ms(100), PunctuationType.WALL_CLOCK_TIME, t -> {
                                final List<KeyValue<String, Long>> es = new ArrayList<>();
                                try (KeyValueIterator<String, Long> it = st.all()) {
                                    it.forEachRemaining(es::add);
                                }
                                for (final KeyValue<String, Long> e : es) {
                                    ctx.forward(new Record<>(e.key, e.value, t));
                                    st.delete(e.key);
                                }
                            });
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            final Long old = st.get(r.key());
                            st.put(r.key(), old == null ? 1L : old + 1);
                        }
                    }, "st")
                    .to("out", psl());
            });
            // @end

        add("papi.punctuate_both_repartition").in("in", "String", "String", K_STR, V_STR).times(15, 50, 300, 50).wall(20, 40, 100, 260)
            // @topology papi.punctuate_both_repartition
            // Both kinds of punctuation in one processor, forwarding into a repartition topic and a count: records produced by a
            // wall-clock punctuation are processed within the same advance step.
            .dsl(b -> {
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        private long n;

                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, String> ctx) {
                            super.init(ctx);
                            ctx.schedule(ms(50), PunctuationType.STREAM_TIME, t -> ctx.forward(new Record<>("stream", cat(t, n), t)));
                            ctx.schedule(ms(100), PunctuationType.WALL_CLOCK_TIME, t -> ctx.forward(new Record<>("wall", cat(t, n), t)));
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            n++;
                            context().forward(r);
                        }
                    })
                    .groupByKey(Grouped.with("g", S, S))
                    .reduce((x, y) -> y, kv("last", S, S))
                    .toStream().to("out", pss());
            });
            // @end

        add("papi.punctuate_cancel").in("in", "String", "String", K_FEW, V_SHORT_STR).times(15, 30, 200, 30).wall(5, 10)
            // @topology papi.punctuate_cancel
            // The punctuation cancels itself at its third firing; the value "y" schedules a new one (if none is active).
            .dsl(b -> {
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        private Cancellable c;
                        private int fired;

                        private void start() {
                            fired = 0;
                            c = context().schedule(ms(30), PunctuationType.STREAM_TIME, t -> {
                                fired++;
                                context().forward(new Record<>("tick", fired + "@" + t, t));
                                if (fired == 3) {
                                    c.cancel();
                                    c = null;
                                }
                            });
                        }

                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, String> ctx) {
                            super.init(ctx);
                            start();
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            if ("y".equals(r.value()) && c == null) {
                                start();
                            }
                        }
                    })
                    .to("out", pss());
            });
            // @end

        add("papi.punctuate_anchored").in("in", "String", "String", K_FEW, V_SHORT_STR).times(15, 100, 400, 100, 30).wall(15, 60, 100, 250)
            // @topology papi.punctuate_anchored
            // Punctuations with a start time: event time from 130 every 100 ms; wall clock from initial + 75 ms every 200 ms.
            .dsl(b -> {
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, String> ctx) {
                            super.init(ctx);
                            ctx.schedule(Instant.ofEpochMilli(130), ms(100), PunctuationType.STREAM_TIME,
                                t -> ctx.forward(new Record<>("stream", "t" + t, t)));
                            ctx.schedule(Instant.ofEpochMilli(ctx.currentSystemTimeMs() + 75), ms(200), PunctuationType.WALL_CLOCK_TIME,
                                t -> ctx.forward(new Record<>("wall", "t" + t, t)));
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            context().forward(r.withValue(s(context().currentStreamTimeMs())));
                        }
                    })
                    .to("out", pss());
            });
            // @end

        add("papi.window_store").in("in", "String", "String", K_STR, V_SHORT_STR).tombstones(10)
            .times(30, 100, 30_000, 100, 99, 200, 60_000, 120_000, 119_999).huge(250_000).late(30)
            .bound(120_000, 119_900)
            // @topology papi.window_store
            // A persistent window store (retention 120 s, window size 100 ms). Each record is put at the start of its 100 ms
            // window. The output lists what a read finds: by value "p" fetch over time for the key, "q" the same backwards, "P"
            // a fetch over the key range a..b, "x1" fetchAll, "x2" backwardFetchAll, otherwise the single fetch. A null value deletes.
            .dsl(b -> {
                b.addStateStore(Stores.windowStoreBuilder(Stores.persistentWindowStore("ws", ms(120_000), ms(100), false), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final WindowStore<String, String> ws = context().getStateStore("ws");
                            final long start = r.timestamp() / 100 * 100;
                            final Instant lo = Instant.ofEpochMilli(Math.max(0, start - 300));
                            final Instant hi = Instant.ofEpochMilli(start + 100);
                            ws.put(r.key(), r.value(), start);
                            final StringBuilder sb = new StringBuilder();
                            if ("p".equals(r.value()) || "q".equals(r.value())) {
                                try (WindowStoreIterator<String> it = "p".equals(r.value()) ? ws.fetch(r.key(), lo, hi) : ws.backwardFetch(r.key(), lo, hi)) {
                                    while (it.hasNext()) {
                                        final KeyValue<Long, String> e = it.next();
                                        sb.append(e.key).append('=').append(e.value).append(';');
                                    }
                                }
                            } else if ("P".equals(r.value()) || "x1".equals(r.value()) || "x2".equals(r.value())) {
                                try (KeyValueIterator<Windowed<String>, String> it = "P".equals(r.value()) ? ws.fetch("a", "b", lo, hi)
                                    : "x1".equals(r.value()) ? ws.fetchAll(lo, hi) : ws.backwardFetchAll(lo, hi)) {
                                    while (it.hasNext()) {
                                        final KeyValue<Windowed<String>, String> e = it.next();
                                        sb.append(wk(e.key)).append('=').append(e.value).append(';');
                                    }
                                }
                            } else {
                                sb.append(s(ws.fetch(r.key(), start)));
                            }
                            context().forward(r.withValue(sb.toString()));
                        }
                    }, "ws")
                    .to("out", pss());
            });
            // @end

        add("papi.window_store_duplicates").in("in", "String", "String", K_FEW, V_SHORT_STR).tombstones(10)
            .times(30, 100, 1_000, 100, 99).late(20)
            // @topology papi.window_store_duplicates
            // A window store that keeps duplicates: putting null leaves its content as it is, yet a tombstone with a fresh sequence
            // number goes to the changelog; reads give all values of the same key and time in insertion order.
            .dsl(b -> {
                b.addStateStore(Stores.windowStoreBuilder(Stores.persistentWindowStore("ws", ms(120_000), ms(100), true), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final WindowStore<String, String> ws = context().getStateStore("ws");
                            final long start = r.timestamp() / 100 * 100;
                            ws.put(r.key(), r.value(), start);
                            final StringBuilder sb = new StringBuilder();
                            try (WindowStoreIterator<String> it = ws.fetch(r.key(), Instant.ofEpochMilli(Math.max(0, start - 100)), Instant.ofEpochMilli(start))) {
                                while (it.hasNext()) {
                                    final KeyValue<Long, String> e = it.next();
                                    sb.append(e.key).append('=').append(e.value).append(';');
                                }
                            }
                            context().forward(r.withValue(tail(sb.toString())));
                        }
                    }, "ws")
                    .to("out", pss());
            });
            // @end

        add("papi.session_store").in("in", "String", "String", K_STR, V_SHORT_STR).times(20, 50, 300, 50, 49, 51, 100).late(25)
            .bound(50)
            // @topology papi.session_store
            // Session merging by hand (gap 50 ms): find, remove, put the merged session with the number of records; also fetches
            // by key range for the value "P" and removes the session for "x2".
            .dsl(b -> {
                b.addStateStore(Stores.sessionStoreBuilder(Stores.persistentSessionStore("ss", ms(100_000)), S, L));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final SessionStore<String, Long> ss = context().getStateStore("ss");
                            long start = r.timestamp();
                            long end = r.timestamp();
                            long n = 1;
                            final StringBuilder sb = new StringBuilder();
                            final List<KeyValue<Windowed<String>, Long>> found = new ArrayList<>();
                            try (KeyValueIterator<Windowed<String>, Long> it = ss.findSessions(r.key(), Math.max(0, r.timestamp() - 50), r.timestamp() + 50)) {
                                it.forEachRemaining(found::add);
                            }
                            for (final KeyValue<Windowed<String>, Long> e : found) {
                                start = Math.min(start, e.key.window().start());
                                end = Math.max(end, e.key.window().end());
                                n += e.value;
                                ss.remove(e.key);
                                sb.append("merged ").append(wk(e.key)).append(';');
                            }
                            final Windowed<String> w = new Windowed<>(r.key(), new SessionWindow(start, end));
                            ss.put(w, "x2".equals(r.value()) ? null : n);
                            sb.append(wk(w)).append('=').append(s(ss.fetchSession(r.key(), start, end))).append(';');
                            if ("P".equals(r.value())) {
                                try (KeyValueIterator<Windowed<String>, Long> it = ss.findSessions("a", "ab", Math.max(0, start - 200), end + 200)) {
                                    while (it.hasNext()) {
                                        final KeyValue<Windowed<String>, Long> e = it.next();
                                        sb.append(wk(e.key)).append('=').append(e.value).append(';');
                                    }
                                }
                            }
                            context().forward(r.withValue(sb.toString()));
                        }
                    }, "ss")
                    .to("out", pss());
            });
            // @end

        add("papi.versioned_store").in("in", "String", "String", K_FEW, V_SHORT_STR).tombstones(20)
            .times(20, 50, 400, 50, 100, 300, 301, 299).late(40)
            .bound(300)
            // @topology papi.versioned_store
            // A versioned store (history 300 ms, segment interval 60 ms): put returns the end of validity (-1 when it is the latest,
            // Long.MIN_VALUE when too old), get latest, get as of 40 ms earlier; "x2" deletes at its own time instead of putting.
            .dsl(b -> {
                b.addStateStore(Stores.versionedKeyValueStoreBuilder(Stores.persistentVersionedKeyValueStore("vs", ms(300), ms(60)), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        private String show(final VersionedRecord<String> v) {
                            return v == null ? "none" : v.value() + "@" + v.timestamp() + (v.validTo().isPresent() ? "-" + v.validTo().get() : "");
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            final VersionedKeyValueStore<String, String> vs = context().getStateStore("vs");
                            final String did;
                            if ("x2".equals(r.value())) {
                                did = "deleted " + show(vs.delete(r.key(), r.timestamp()));
                            } else {
                                did = "put " + vs.put(r.key(), r.value(), r.timestamp());
                            }
                            context().forward(r.withValue(did + ";" + show(vs.get(r.key())) + ";" + show(vs.get(r.key(), Math.max(0, r.timestamp() - 40)))));
                        }
                    }, "vs")
                    .to("out", pss());
            });
            // @end

        add("papi.kv_ranges").in("in", "String", "String", K_STR, V_SHORT_STR).tombstones(10)
            // @topology papi.kv_ranges
            // Ordered reads of a key-value store by value: "p" range a..b, "q" reverseRange a..b, "P" prefixScan of "a",
            // "x1" all, "x2" reverseAll; otherwise putIfAbsent's answer. Keys compare as unsigned bytes.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final KeyValueStore<String, String> st = context().getStateStore("st");
                            final String v = r.value();
                            if (v == null) {
                                context().forward(r.withValue("deleted " + s(st.delete(r.key()))));
                                return;
                            }
                            if (!List.of("p", "q", "P", "x1", "x2").contains(v)) {
                                context().forward(r.withValue("was " + s(st.putIfAbsent(r.key(), v + r.timestamp()))));
                                return;
                            }
                            st.put(r.key(), v);
                            final StringBuilder sb = new StringBuilder();
                            try (KeyValueIterator<String, String> it = v.equals("p") ? st.range("a", "b") : v.equals("q") ? st.reverseRange("a", "b")
                                : v.equals("P") ? st.prefixScan("a", new StringSerializer()) : v.equals("x1") ? st.all() : st.reverseAll()) {
                                while (it.hasNext()) {
                                    final KeyValue<String, String> e = it.next();
                                    sb.append(e.key).append('=').append(e.value).append(';');
                                }
                            }
                            context().forward(r.withValue(sb.toString()));
                        }
                    }, "st")
                    .to("out", pss());
            });
            // @end

        add("papi.lru_store").in("in", "String", "String", K_STR, V_SHORT_STR).tombstones(10)
            // @topology papi.lru_store
            // An in-memory LRU store of two entries: an eviction writes a tombstone to the changelog.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.lruMap("lru", 2), S, S));
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final KeyValueStore<String, String> st = context().getStateStore("lru");
                            final String old = st.get(r.key());
                            st.put(r.key(), r.value());
                            context().forward(r.withValue(cat(old, st.get("a"))));
                        }
                    }, "lru")
                    .to("out", pss());
            });
            // @end

        add("papi.caching_store").in("in", "String", "String", K_STR, V_STR).tombstones(10).cache(10_000_000)
            // @topology papi.caching_store
            // A cached plain store written several times per record: reads see the cache, the changelog gets one record per key
            // and commit, with the context (time, headers) of the last write.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, S).withCachingEnabled());
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            final KeyValueStore<String, String> st = context().getStateStore("st");
                            st.put(r.key(), "tmp");
                            st.put("last", s(r.value()));
                            st.put(r.key(), r.value());
                            final StringBuilder sb = new StringBuilder();
                            try (KeyValueIterator<String, String> it = st.all()) {
                                while (it.hasNext()) {
                                    final KeyValue<String, String> e = it.next();
                                    sb.append(e.key).append('=').append(e.value).append(';');
                                }
                            }
                            context().forward(r.withValue(sb.toString()));
                        }
                    }, "st")
                    .to("out", pss());
            });
            // @end

        add("papi.raw_topology").in("in1", "String", "String", K_STR, V_SHORT_STR).nullKeys(5).tombstones(5)
            .in("in2", "String", "String", K_STR, V_SHORT_STR)
            // @topology papi.raw_topology
            // Topology built by hand: two sources into one processor with a store, forwards to named children or to all, one sink
            // with a fixed and one with a computed topic.
            .topology(t -> {
                t.addSource("src1", S.deserializer(), S.deserializer(), "in1");
                t.addSource("src2", S.deserializer(), S.deserializer(), "in2");
                t.addProcessor("proc", () -> new ContextualProcessor<String, String, String, String>() {
                    @Override
                    public void process(final Record<String, String> r) {
                        final KeyValueStore<String, String> st = context().getStateStore("st");
                        if (r.key() != null) {
                            st.put(r.key(), r.value());
                        }
                        final String topic = context().recordMetadata().map(RecordMetadata::topic).orElse("none");
                        if ("p".equals(r.value())) {
                            context().forward(r.withValue(topic), "child");
                        } else if ("q".equals(r.value())) {
                            context().forward(r.withValue(topic), "sink");
                        } else {
                            context().forward(r.withValue(cat(topic, r.value())));
                        }
                    }
                }, "src1", "src2");
                t.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("st"), S, S), "proc");
                t.addProcessor("child", () -> new ContextualProcessor<String, String, String, String>() {
                    @Override
                    public void process(final Record<String, String> r) {
                        context().forward(r.withValue("child " + r.value()));
                    }
                }, "proc");
                t.addSink("sink", "out", S.serializer(), S.serializer(), "proc");
                t.<String, String>addSink("sink2", (k, v, ctx) -> "out-" + ctx.topic(), S.serializer(), S.serializer(), "child");
            });
            // @end

        add("papi.shared_store").in("in1", "String", "String", K_STR, V_SHORT_STR).in("in2", "String", "String", K_STR, V_SHORT_STR)
            // @topology papi.shared_store
            // Two streams with a processor each, sharing one store: this joins them into one sub-topology.
            .dsl(b -> {
                b.addStateStore(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("st"), S, S));
                b.stream("in1", css()).process(() -> new ContextualProcessor<String, String, String, String>() {
                    @Override
                    public void process(final Record<String, String> r) {
                        context().<KeyValueStore<String, String>>getStateStore("st").put(r.key(), r.value());
                    }
                }, Named.as("writer"), "st");
                b.stream("in2", css()).processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
                    @Override
                    public void process(final FixedKeyRecord<String, String> r) {
                        context().forward(r.withValue(cat(r.value(), context().<KeyValueStore<String, String>>getStateStore("st").get(r.key()))));
                    }
                }, Named.as("reader"), "st").to("out", pss());
            });
            // @end

        add("papi.global_store").in("g", "String", "String", K_STR, V_STR).tombstones(15).in("s", "String", "String", K_STR, V_SHORT_STR)
            // @topology papi.global_store
            // A global store filled by a processor of its own (which uppercases) and read by a stream processor without being named.
            .dsl(b -> {
                b.addGlobalStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("gs"), S, S), "g", css(),
                    () -> new ContextualProcessor<String, String, Void, Void>() {
                        @Override
                        public void process(final Record<String, String> r) {
                            context().<KeyValueStore<String, String>>getStateStore("gs").put(r.key(), up(r.value()));
                        }
                    });
                b.stream("s", css()).processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
                    @Override
                    public void process(final FixedKeyRecord<String, String> r) {
                        context().forward(r.withValue(cat(r.value(), context().<KeyValueStore<String, String>>getStateStore("gs").get(r.key()))));
                    }
                }).to("out", pss());
            });
            // @end

        add("papi.record_metadata").in("in", "String", "String", K_FEW, V_SHORT_STR).headers(40).wall(10, 100)
            // @topology papi.record_metadata
            // Topic, partition and offset as a processor sees them, before and after a repartition topic, and inside a wall-clock
            // punctuation (there: no topic, partition and offset -1). Also adds a header, in place, to the record's own headers.
            .dsl(b -> {
                b.stream("in", css())
                    .process(() -> new ContextualProcessor<String, String, String, String>() {
                        @Override
                        public void init(final org.apache.kafka.streams.processor.api.ProcessorContext<String, String> ctx) {
                            super.init(ctx);
                            ctx.schedule(ms(100), PunctuationType.WALL_CLOCK_TIME,
                                t -> ctx.forward(new Record<>("tick",
                                    ctx.recordMetadata().map(m -> s(m.topic()) + "-" + m.partition() + "-" + m.offset()).orElse("absent"), t)));
                        }

                        @Override
                        public void process(final Record<String, String> r) {
                            final RecordMetadata m = context().recordMetadata().get();
                            r.headers().add("seen", utf8(m.topic()));
                            context().forward(r.withValue(r.value() + " " + m.topic() + "-" + m.partition() + "-" + m.offset()));
                        }
                    })
                    .repartition(Repartitioned.with(S, S).withName("rp"))
                    .processValues(() -> new ContextualFixedKeyProcessor<String, String, String>() {
                        @Override
                        public void process(final FixedKeyRecord<String, String> r) {
                            final RecordMetadata m = context().recordMetadata().get();
                            context().forward(r.withValue(r.value() + " " + m.topic() + "-" + m.partition() + "-" + m.offset()));
                        }
                    })
                    .to("out", pss());
            });
            // @end
    }

    // ================================================================ optimization and naming

    private static void optimizedAndNaming() {
        for (final boolean on : new boolean[] {true, false}) {
            final Harness.Case c = add(on ? "optimized.merge_repartition" : "optimized.merge_repartition_off")
                .in("in", "String", "String", K_STR, V_SHORT_STR).nullKeys(3).tombstones(5).times(12, 100, 400, 100, 130).grid(100, 100, 30).late(20);
            if (on) {
                c.optimize();
            }
            // @topology optimized.merge_repartition
            // One key change feeding three grouped operations: with optimization on, one repartition topic (named after the first
            // grouping) serves the two that group the re-keyed stream itself; the one behind mapValues keeps its own.
            c.dsl(b -> {
                final KStream<String, String> x = b.stream("in", css()).selectKey((k, v) -> first(v));
                x.groupByKey(Grouped.with("g1", S, S)).count(kv("cnt", S, L)).toStream().to("out-1", psl());
                x.mapValues(v -> up(v)).groupByKey(Grouped.with("g2", S, S)).reduce((p, q) -> tail(p + q), kv("red", S, S)).toStream().to("out-2", pss());
                x.groupByKey(Grouped.with("g3", S, S)).windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30))).count(win("wcnt", S, L))
                    .toStream().to("out-3", Produced.with(tw(100), L));
            });
            // @end
        }
        // @topology optimized.merge_repartition_off
        // The same topology as optimized.merge_repartition with optimization off: three repartition topics.
        // (listing: see optimized.merge_repartition)
        // @end

        for (final boolean on : new boolean[] {true, false}) {
            final Harness.Case c = add(on ? "optimized.merge_two_sources" : "optimized.merge_two_sources_off")
                .in("in1", "String", "String", K_STR, V_SHORT_STR).tombstones(5).in("in2", "String", "String", K_STR, V_SHORT_STR);
            if (on) {
                c.optimize();
            }
            // @topology optimized.merge_two_sources
            // A merge of a re-keyed and an untouched stream, grouped twice.
            c.dsl(b -> {
                final KStream<String, String> m = b.stream("in1", css()).selectKey((k, v) -> s(first(v))).merge(b.stream("in2", css()));
                m.groupByKey(Grouped.with("g1", S, S)).count(kv("cnt", S, L)).toStream().to("out-1", psl());
                m.groupByKey(Grouped.with("g2", S, S)).reduce((p, q) -> tail(p + q), kv("red", S, S)).toStream().to("out-2", pss());
            });
            // @end
        }
        // @topology optimized.merge_two_sources_off
        // The same topology as optimized.merge_two_sources with optimization off.
        // (listing: see optimized.merge_two_sources)
        // @end

        for (final boolean on : new boolean[] {true, false}) {
            final Harness.Case c = add(on ? "optimized.reuse_source_topic" : "optimized.reuse_source_topic_off")
                .in("t", "String", "String", K_STR, V_STR).nullKeys(3).tombstones(20).in("s", "String", "String", K_STR, V_STR);
            if (on) {
                c.optimize();
            }
            // @topology optimized.reuse_source_topic
            // A source table read by a filter and by a join: with optimization on, its source topic doubles as the changelog, so no
            // changelog records are produced for it.
            c.dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S));
                t.filter((k, v) -> v.length() > 1, kv("flt", S, S)).toStream().to("out-1", pss());
                b.stream("s", css()).leftJoin(t, (x, y) -> cat(x, y), Joined.with(S, S, S)).to("out-2", pss());
            });
            // @end
        }
        // @topology optimized.reuse_source_topic_off
        // The same topology as optimized.reuse_source_topic with optimization off: the table has a changelog topic.
        // (listing: see optimized.reuse_source_topic)
        // @end

        add("naming.all_generated").in("in1", "String", "String", K_PQ, V_SHORT_STR).tombstones(5).in("in2", "String", "String", K_PQ, V_SHORT_STR).tombstones(10)
            .in("in3", "String", "String", K_PQ, V_SHORT_STR)
            .cfg(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class.getName())
            .cfg(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class.getName())
            .times(12, 100, 300, 100)
            // @topology naming.all_generated
            // Not a single name given, default serdes: pins the numbering scheme of processors, stores and internal topics.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in1");
                final KTable<String, String> t = b.table("in2");
                final GlobalKTable<String, String> g = b.globalTable("in3");
                final KStream<String, String> y = x.filter((k, v) -> v != null).selectKey((k, v) -> first(v)).merge(x.mapValues(v -> s(v)));
                y.join(t, (p, q) -> cat(p, q)).peek((k, v) -> { }).to("out-1");
                y.leftJoin(g, (k, v) -> k, (p, q) -> cat(p, q)).flatMapValues(v -> List.of(v)).to("out-2");
                y.groupBy((k, v) -> v).windowedBy(TimeWindows.ofSizeWithNoGrace(ms(100))).count().toStream((w, n) -> wk(w)).to("out-3", psl());
                t.filter((k, v) -> v.length() > 1).groupBy((k, v) -> KeyValue.pair(v, k)).count().toStream().to("out-4", psl());
                y.leftJoin(x, (p, q) -> cat(p, q), JoinWindows.ofTimeDifferenceWithNoGrace(ms(20))).to("out-5");
            });
            // @end

        add("naming.named_operators").in("in1", "String", "String", K_PQ, V_SHORT_STR).in("in2", "String", "String", K_PQ, V_SHORT_STR).tombstones(10)
            .times(12, 100, 300, 100)
            // @topology naming.named_operators
            // Every operator named, stores unnamed where possible: pins how operator names turn into store and topic names.
            .dsl(b -> {
                final KStream<String, String> x = b.stream("in1", css().withName("Source-1"));
                final KTable<String, String> t = b.table("in2", css().withName("Table-2"));
                final KStream<String, String> y = x.filter((k, v) -> true, Named.as("Flt")).selectKey((k, v) -> first(v), Named.as("Key"))
                    .mapValues(v -> up(v), Named.as("Map"));
                y.groupByKey(Grouped.with("Grp", S, S)).count(Named.as("Cnt"), Materialized.with(S, L)).toStream(Named.as("Ts"))
                    .to("out-1", psl().withName("Sink-1"));
                y.join(t, (p, q) -> cat(p, q), Joined.with(S, S, S, "Stj")).to("out-2", pss().withName("Sink-2"));
                y.join(x, (p, q) -> cat(p, q), JoinWindows.ofTimeDifferenceWithNoGrace(ms(20)), StreamJoined.with(S, S, S).withName("Ssj"))
                    .to("out-3", pss().withName("Sink-3"));
                t.filter((k, v) -> v.length() > 1, Named.as("Tf")).groupBy((k, v) -> KeyValue.pair(v, k), Grouped.with("Tg", S, S))
                    .count(Named.as("Tc"), Materialized.with(S, L)).toStream(Named.as("Ts2")).to("out-4", psl().withName("Sink-4"));
            });
            // @end
    }

    // ================================================================ headers and store formats

    private static void headersAndFormats() {
        add("headers.through_operators").in("in", "String", "String", K_FEW, V_SHORT_STR).headers(60)
            // @topology headers.through_operators
            // Headers (duplicates and null values included) travel through stateless operators and repartition topics unchanged.
            .dsl(b -> {
                b.stream("in", css()).map((k, v) -> KeyValue.pair(v, k)).repartition(Repartitioned.with(S, S).withName("rp"))
                    .flatMapValues(v -> List.of(v, up(v))).to("out", pss());
            });
            // @end

        add("headers.table_and_join").in("s", "String", "String", K_FEW, V_SHORT_STR).headers(50)
            .in("t", "String", "String", K_FEW, V_SHORT_STR).headers(50).tombstones(15)
            // @topology headers.table_and_join
            // Which headers survive an aggregation, a table and a stream-table join.
            .dsl(b -> {
                final KTable<String, String> t = b.table("t", css(), kv("tbl", S, S));
                b.stream("s", css()).leftJoin(t, (x, y) -> cat(x, y), Joined.with(S, S, S, "j")).to("out-1", pss());
                t.groupBy((k, v) -> KeyValue.pair(v, k), Grouped.with("g", S, S)).count(kv("cnt", S, L)).toStream().to("out-2", psl());
            });
            // @end

        add("headers.stream_stream_outer").in("left", "String", "String", K_FEW, V_SHORT_STR).headers(50)
            .in("right", "String", "String", K_FEW, V_SHORT_STR).headers(50).times(15, 50, 300, 50, 70)
            .bound(70, 50)
            // @topology headers.stream_stream_outer
            // Headers of joined and of expired unmatched records (the latter carry those of the record that closed the window).
            .dsl(b -> {
                b.stream("left", css()).outerJoin(b.stream("right", css()), (x, y) -> cat(x, y),
                    JoinWindows.ofTimeDifferenceAndGrace(ms(50), ms(20)), StreamJoined.with(S, S, S).withName("j").withStoreName("js")).to("out", pss());
            });
            // @end

        add("format.headers_kv").in("in", "String", "String", K_FEW, V_SHORT_STR).headers(50).tombstones(10)
            .cfg("dsl.store.format", "HEADERS")
            // @topology format.headers_kv
            // dsl.store.format=HEADERS: stores of the headers-aware format (optional feature). Note that this version's DSL table
            // operators store an empty header section even when the input has headers.
            .dsl(b -> {
                b.table("in", css(), kv("tbl", S, S)).filter((k, v) -> !"q".equals(v), kv("flt", S, S)).toStream().to("out-1", pss());
            });
            // @end

        add("format.headers_window").in("in", "String", "String", K_FEW, V_SHORT_STR).headers(50)
            .cfg("dsl.store.format", "HEADERS").times(12, 100, 400, 100, 30, 130).late(25)
            .grid(100, 100, 30)
            // @topology format.headers_window
            // Windowed and session stores of the headers-aware format (optional feature).
            .dsl(b -> {
                final KGroupedStream<String, String> g = b.stream("in", css()).groupByKey();
                g.windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(30))).count(win("cnt", S, L)).toStream().to("out-1", Produced.with(tw(100), L));
                g.windowedBy(SessionWindows.ofInactivityGapAndGrace(ms(30), ms(30))).count(ses("scnt", S, L)).toStream().to("out-2", Produced.with(sw(), L));
            });
            // @end

        add("cache.small_eviction").in("in", "String", "Long", K_FEW, V_SMALL_LONG).times(12, 20, 300, 100, 20, 40).late(15).cache(600)
            .grid(20, 100, 40)
            // @topology cache.small_eviction
            // A cache of 600 bytes under a hopping aggregate (five windows per record): entries are evicted and flushed, least
            // recently used first, while a record is still being processed. The size accounting is the Java library's own; a different
            // implementation may legitimately differ (optional case).
            .dsl(b -> {
                b.stream("in", Consumed.with(S, L)).groupByKey()
                    .windowedBy(TimeWindows.ofSizeAndGrace(ms(100), ms(40)).advanceBy(ms(20)))
                    .aggregate(() -> 0L, (k, v, a) -> a + v, win("agg", S, L))
                    .toStream().to("out", Produced.with(tw(100), L));
            });
            // @end

        add("cache.several_stores").in("in", "String", "String", K_FEW, V_STR).headers(20).cache(10_000_000)
            // @topology cache.several_stores
            // Two cached aggregations in one sub-topology fed by flatMapValues: each store collapses its updates and flushes in turn,
            // in the order in which the stores were added to the topology.
            .dsl(b -> {
                final KGroupedStream<String, String> g = b.stream("in", css()).flatMapValues(v -> List.of(v, v + "2", v + "3")).groupByKey();
                g.count(kv("zcnt", S, L)).toStream().to("out", psl());
                g.aggregate(() -> 0L, (k, v, a) -> a + v.length(), kv("alen", S, L)).toStream().to("out", psl());
            });
            // @end
    }

    // ================================================================ tiers

    static {
        REG.tier("extended",
            "time.extractor_partition_time", "errors.deserialization_continue", "errors.processing_continue", "agg.caching_disabled_on_store",
            "agg.reduce_in_memory", "agg.count_logging_disabled", "agg.count_caching", "window.session_in_memory",
            "window.sliding_aggregate_in_memory", "window.tumbling_in_memory_retention", "window.hopping_caching", "window.session_caching",
            "window.sliding_caching", "window.table_filter_map", "window.table_regroup", "window.tumbling_persistent_retention",
            "window.unlimited_count", "window.hopping_count_even", "emit.hopping_on_close", "emit.sliding_on_close",
            "suppress.until_window_closes_hopping", "suppress.then_regroup", "suppress.windowed_time_limit", "suppress.time_limit_zero",
            "suppress.table_tombstones", "suppress.max_records", "join.stream_stream_left_asymmetric", "join.stream_stream_outer_asymmetric",
            "join.stream_stream_inner_past_only", "join.stream_stream_outer_no_grace", "join.stream_stream_outer_in_memory",
            "join.stream_stream_left_rekeyed", "join.stream_stream_self", "join.stream_table_rekeyed", "join.stream_table_left_grace",
            "join.stream_table_versioned", "join.table_table_materialized", "join.table_table_caching", "join.table_table_chain",
            "join.table_table_self", "join.table_table_versioned", "join.fk_key_value_extractor", "join.fk_self", "join.fk_caching",
            "join.fk_versioned", "cogroup.repartitioned", "cogroup.sliding", "table.caching", "table.transform_values_stateful",
            "table.groupby_caching", "table.versioned_filter_groupby", "table.unversioned_groupby_out_of_order", "table.filter_materialized",
            "table.filter_virtual", "papi.window_store_duplicates", "papi.punctuate_cancel", "papi.punctuate_both_repartition",
            "papi.caching_store", "papi.shared_store", "papi.global_store", "papi.kv_ranges", "optimized.merge_repartition_off",
            "optimized.merge_two_sources", "optimized.merge_two_sources_off", "optimized.reuse_source_topic_off", "headers.table_and_join",
            "headers.stream_stream_outer", "cache.several_stores", "stateless.merge_three", "stateless.split_functions",
            "stateless.to_table_repartitioned", "agg.reduce_to_null", "window.session_reduce_no_grace", "join.stream_globaltable_left");
        REG.tier("optional",
            "suppress.max_bytes", "cache.small_eviction", "format.headers_kv", "format.headers_window", "papi.lru_store",
            "papi.punctuate_anchored", "join.stream_stream_self_optimized");
    }

    public static void main(final String[] args) throws Exception {
        Harness.main(REG, args);
    }
}
