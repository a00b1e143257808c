package moldau.interop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Allows users something.
 *
 * <pre>
 * Acls BROKERS USER:OPERATION:RESOURCE:PATTERN:NAME...
 * </pre>
 *
 * As in ann:READ:TOPIC:PREFIXED:app- or bob:WRITE:TRANSACTIONAL_ID:LITERAL:app-1.
 */
public final class Acls {
  private Acls() {}

  public static void main(String[] arguments) throws Exception {
    List<AclBinding> bindings = new ArrayList<>();
    for (String rule : Arrays.asList(arguments).subList(1, arguments.length)) {
      String[] parts = rule.split(":", 5);
      bindings.add(new AclBinding(
          new ResourcePattern(ResourceType.valueOf(parts[2]), parts[4], PatternType.valueOf(parts[3])),
          new AccessControlEntry(
              "User:" + parts[0], "*", AclOperation.valueOf(parts[1]), AclPermissionType.ALLOW)));
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[0]))) {
      admin.createAcls(bindings).all().get();
    }
  }
}
