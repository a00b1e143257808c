package moldau.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The bytes of messages as Protobuf for Java writes them, and where the message is in its file.
 *
 * <p>Arguments: the cases, a descriptor set with the files and their imports, the file to write.
 */
public final class ProtobufGolden {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    Map<String, Descriptor> messages = messages(Path.of(args[1]));
    ObjectNode golden = MAPPER.createObjectNode();
    golden.put("made_by", "Protobuf for Java 3.25.5");
    ArrayNode out = golden.putArray("cases");
    for (JsonNode one : MAPPER.readTree(Files.readString(Path.of(args[0])))) {
      Descriptor descriptor = messages.get(one.get("message").asText());
      DynamicMessage.Builder builder = DynamicMessage.newBuilder(descriptor);
      JsonFormat.parser().merge(one.get("value").toString(), builder);
      ObjectNode answer = out.addObject();
      answer.set("message", one.get("message"));
      answer.set("value", one.get("value"));
      ArrayNode path = answer.putArray("path");
      for (Descriptor at = descriptor; at != null; at = at.getContainingType()) {
        path.insert(0, at.getIndex());
      }
      answer.put("bytes", HexFormat.of().formatHex(builder.build().toByteArray()));
    }
    Files.writeString(
        Path.of(args[2]), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(golden) + "\n");
  }

  // The files of a descriptor set stand behind those they import.
  private static Map<String, Descriptor> messages(Path set) throws Exception {
    Map<String, FileDescriptor> files = new HashMap<>();
    Map<String, Descriptor> messages = new HashMap<>();
    for (FileDescriptorProto file :
        FileDescriptorSet.parseFrom(Files.readAllBytes(set)).getFileList()) {
      FileDescriptor[] imports =
          file.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
      FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
      files.put(file.getName(), descriptor);
      descriptor.getMessageTypes().forEach(message -> collect(message, messages));
    }
    return messages;
  }

  private static void collect(Descriptor message, Map<String, Descriptor> into) {
    into.put(message.getFullName(), message);
    message.getNestedTypes().forEach(nested -> collect(nested, into));
  }

  private ProtobufGolden() {}
}
