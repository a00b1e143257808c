// Prints rewrites.json: describe() of programs built with topology.optimization=all, beyond those of
// topologies.json. (Where several repartition topics lie below one child of a change of the key, as
// behind split(), the reference throws: "Found a null keyChangingChild node".) Needs Kafka Streams 4.3.1 and what it depends on in LIBRARIES.
//
//   java -cp 'LIBRARIES/*' GenerateRewrites.java > rewrites.json
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.processor.api.*;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;

public class GenerateRewrites {
    static final Serde<String> S = Serdes.String();
    static final JoinWindows WITHIN = JoinWindows.ofTimeDifferenceWithNoGrace(Duration.ofSeconds(1));

    static KStream<String, String> stream(StreamsBuilder b, String topic) { return b.stream(topic, Consumed.with(S, S)); }
    static KStream<String, String> rekeyed(StreamsBuilder b, String topic) { return stream(b, topic).selectKey((k, v) -> v); }
    static KTable<String, String> table(StreamsBuilder b, String topic) { return b.table(topic, Consumed.with(S, S)); }
    static Grouped<String, String> grouped() { return Grouped.with(S, S); }
    static Grouped<String, String> grouped(String name) { return Grouped.with(name, S, S); }

    static class Same implements Processor<String, String, String, String> {
        ProcessorContext<String, String> context;
        public void init(ProcessorContext<String, String> context) { this.context = context; }
        public void process(Record<String, String> record) { context.forward(record); }
    }
    static class SameKey implements FixedKeyProcessor<String, String, String> {
        FixedKeyProcessorContext<String, String> context;
        public void init(FixedKeyProcessorContext<String, String> context) { this.context = context; }
        public void process(FixedKeyRecord<String, String> record) { context.forward(record); }
    }

    static void processors(StreamsBuilder b) {
        KStream<String, String> s = rekeyed(b, "in");
        s.groupByKey(grouped("a")).count();
        s.processValues(SameKey::new).groupByKey(grouped("b")).count();
        s.process(Same::new).groupByKey(grouped("c")).count();
    }

    static Map<String, Consumer<StreamsBuilder>> programs() {
        Map<String, Consumer<StreamsBuilder>> p = new LinkedHashMap<>();
        p.put("self_join_left_rekeyed", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.leftJoin(s, (x, y) -> x + y, WITHIN, StreamJoined.with(S, S, S).withName("j")).to("o");
        });
        p.put("self_join_of_two_sources", b ->
            stream(b, "in").outerJoin(stream(b, "in"), (x, y) -> x + y, WITHIN, StreamJoined.with(S, S, S)).to("o"));
        p.put("self_join_beside_others", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.join(s, (x, y) -> x + y, WITHIN, StreamJoined.with(S, S, S).withStoreName("w")).to("o1");
            s.join(stream(b, "r"), (x, y) -> x + y, WITHIN, StreamJoined.with(S, S, S)).to("o2");
            s.groupByKey(grouped()).count();
        });
        p.put("cogroup_of_two", b -> rekeyed(b, "in").groupByKey(grouped("x"))
            .cogroup((String k, String v, String t) -> t + v)
            .cogroup(rekeyed(b, "in2").groupByKey(grouped("y")), (k, v, t) -> t + v)
            .aggregate(() -> "", Materialized.with(S, S)).toStream().to("o"));
        p.put("cogroup_of_one_stream", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.groupByKey(grouped()).cogroup((String k, String v, String t) -> t + v)
                .cogroup(s.filter((k, v) -> true).groupByKey(grouped()), (k, v, t) -> t + v)
                .aggregate(() -> "", Materialized.with(S, S)).toStream().to("o");
        });
        p.put("table_of_a_stream_joined_with_it", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            KTable<String, String> t = s.toTable(Named.as("tt"), Materialized.with(S, S));
            s.join(t, (x, y) -> x + y, Joined.with(S, S, S, "jj")).selectKey((k, v) -> v).groupByKey(grouped("z")).count();
        });
        p.put("repartition_stays", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.repartition(Repartitioned.with(S, S).withName("r")).groupByKey(grouped("q")).count();
            s.groupByKey(grouped("z")).count();
        });
        p.put("two_changes_of_the_key", b -> {
            KStream<String, String> s = rekeyed(b, "in").filter((k, v) -> true).selectKey((k, v) -> k);
            s.groupByKey(grouped()).count();
            s.peek((k, v) -> { }).groupByKey(grouped()).reduce((x, y) -> y);
        });
        p.put("one_change_behind_a_topic", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.groupByKey(grouped()).count(Materialized.with(S, Serdes.Long())).toStream().mapValues(v -> "" + v)
                .selectKey((k, v) -> v).groupByKey(grouped()).count();
            s.filter((k, v) -> true).groupByKey(grouped()).count();
        });
        p.put("left_join_with_a_table", b -> {
            KStream<String, String> s = rekeyed(b, "in");
            s.leftJoin(table(b, "t"), (x, y) -> x + y, Joined.with(S, S, S)).to("o");
            s.filter((k, v) -> true).groupByKey(grouped("g")).windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofSeconds(1))).count();
        });
        p.put("merge_of_one_rekeyed", b -> {
            KStream<String, String> m = stream(b, "in1").merge(rekeyed(b, "in2"));
            m.groupByKey(grouped()).count();
            m.filter((k, v) -> true).groupByKey(grouped()).count();
        });
        p.put("reused_sources", b -> {
            KTable<String, String> a = table(b, "a");
            KTable<String, String> d = table(b, "d");
            a.leftJoin(d, (x, y) -> x + y).toStream().to("o1");
            a.leftJoin(b.table("f", Consumed.with(S, S)), v -> v, (String x, String y) -> x + y).toStream().to("o2");
            d.filter((k, v) -> true, Materialized.as("kept")).groupBy((k, v) -> KeyValue.pair(v, k), grouped()).count();
            KTable<String, String> h = b.table("h", Consumed.with(S, S),
                Materialized.as(Stores.persistentVersionedKeyValueStore("hist", Duration.ofMinutes(10))));
            stream(b, "s").join(h, (x, y) -> x + y, Joined.with(S, S, S)).to("o3");
            table(b, "unused");
        });
        p.put("processors_looked_through", GenerateRewrites::processors);
        p.put("processors_fixed", GenerateRewrites::processors);
        return p;
    }

    static String describe(String name, Consumer<StreamsBuilder> program) {
        Properties config = new Properties();
        config.put("application.id", "app");
        config.put("bootstrap.servers", "none:1");
        config.put("topology.optimization", "all");
        config.put("__enable.process.processValue.fix__", name.endsWith("_fixed"));
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
        program.accept(builder);
        return builder.build(config).describe().toString();
    }

    public static void main(String[] arguments) {
        List<String> entries = new ArrayList<>();
        programs().forEach((name, program) -> entries.add(
            "  {\"name\": \"" + name + "\",\n   \"describe\": \"" + describe(name, program).replace("\n", "\\n") + "\"}"));
        System.out.println("[\n" + String.join(",\n", entries) + "\n]");
    }
}
