package moldau.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * What Apache Avro makes of the cases in avro_cases.json: the bytes of each value in its writer's
 * schema, and for each reader's schema the same value read by it and written again, or that it
 * cannot be read.
 *
 * <p>Arguments: the cases, the file to write.
 */
public final class AvroGolden {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static void main(String[] args) throws IOException {
    JsonNode cases = MAPPER.readTree(Files.readString(Path.of(args[0])));
    ObjectNode golden = MAPPER.createObjectNode();
    golden.put("made_by", "Apache Avro for Java 1.12.0");
    ArrayNode out = golden.putArray("cases");
    for (JsonNode one : cases) {
      out.add(answer(one));
    }
    Files.writeString(
        Path.of(args[1]), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(golden) + "\n");
  }

  private static ObjectNode answer(JsonNode one) throws IOException {
    Schema writer = new Schema.Parser().parse(one.get("writer").toString());
    ObjectNode answer = MAPPER.createObjectNode();
    answer.set("name", one.get("name"));
    answer.set("writer", one.get("writer"));
    answer.put("canonical", writer.toString());
    ArrayNode values = answer.putArray("values");
    for (JsonNode value : one.get("values")) {
      // Avro's own JSON form of values: union values are wrapped in their type.
      Object datum =
          new GenericDatumReader<>(writer)
              .read(null, DecoderFactory.get().jsonDecoder(writer, value.toString()));
      byte[] bytes = write(writer, datum);
      ObjectNode each = values.addObject();
      each.set("value", value);
      each.put("bytes", HexFormat.of().formatHex(bytes));
      ArrayNode readers = each.putArray("readers");
      for (JsonNode readerJson : one.path("readers")) {
        Schema reader = new Schema.Parser().parse(readerJson.toString());
        ObjectNode read = readers.addObject();
        read.set("reader", readerJson);
        try {
          Object resolved =
              new GenericDatumReader<>(writer, reader)
                  .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
          read.put("bytes", HexFormat.of().formatHex(write(reader, resolved)));
        } catch (AvroRuntimeException | IOException refused) {
          read.put("refused", refused.getMessage());
        }
      }
    }
    return answer;
  }

  private static byte[] write(Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private AvroGolden() {}
}
