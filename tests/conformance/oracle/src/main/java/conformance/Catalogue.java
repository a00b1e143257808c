package conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders the Markdown catalogue from the source file itself, so that the listing can never drift from what runs. */
final class Catalogue {

    private Catalogue() {
    }

    private record Entry(List<String> prose, List<String> code) { }

    static String render(final Harness.Registry reg, final Path source, final Path intro) throws IOException {
        final Map<String, Entry> entries = new LinkedHashMap<>();
        final Map<String, List<String>> helpers = new LinkedHashMap<>();
        Entry cur = null;
        List<String> helper = null;
        boolean inProse = false;
        for (final String line : Files.readAllLines(source)) {
            final String t = line.trim();
            if (t.startsWith("// @topology ")) {
                cur = new Entry(new ArrayList<>(), new ArrayList<>());
                entries.put(t.substring("// @topology ".length()).trim(), cur);
                inProse = true;
            } else if (t.startsWith("// @helper ")) {
                helper = new ArrayList<>();
                helpers.put(t.substring("// @helper ".length()).trim(), helper);
            } else if (t.equals("// @end")) {
                cur = null;
                helper = null;
            } else if (helper != null) {
                helper.add(line);
            } else if (cur != null) {
                if (inProse && t.startsWith("//")) {
                    cur.prose.add(t.substring(2).trim());
                } else {
                    inProse = false;
                    cur.code.add(line);
                }
            }
        }
        final StringBuilder sb = new StringBuilder();
        sb.append("# Conformance topologies\n\n");
        sb.append(Files.readString(intro).strip()).append("\n\n");
        if (!helpers.isEmpty()) {
            sb.append("## Helpers used by the listings\n\n");
            helpers.forEach((name, code) -> sb.append("### ").append(name).append("\n\n```java\n").append(strip(code)).append("```\n\n"));
        }
        sb.append("## Index\n\n");
        int n = 0;
        for (final Harness.Case c : reg.all()) {
            if (!entries.containsKey(c.id)) {
                throw new IllegalStateException("no marked listing for " + c.id);
            }
            sb.append(++n).append(". `").append(c.id).append("`").append(c.tier.equals("core") ? "" : " (" + c.tier + ")").append("\n");
        }
        sb.append("\n## Topologies\n\n");
        for (final Harness.Case c : reg.all()) {
            final Entry e = entries.get(c.id);
            sb.append("### `").append(c.id).append("`\n\n");
            sb.append("Tier: ").append(c.tier).append(". ").append(String.join("\n", e.prose)).append("\n\n");
            sb.append("| input topic | key | value | null keys | null values | headers |\n|---|---|---|---|---|---|\n");
            for (final Harness.Input i : c.inputs) {
                sb.append("| `").append(i.topic).append("` | ").append(i.keyType.replace("|", "\\|")).append(" | ").append(i.valueType.replace("|", "\\|")).append(" | ")
                    .append(i.nullKeyPct > 0 ? "yes" : "no").append(" | ").append(i.nullValuePct > 0 ? "yes" : "no").append(" | ")
                    .append(i.headersPct > 0 ? "yes" : "no").append(" |\n");
            }
            sb.append("\nConfig: `").append(Harness.configJson(c)).append("`\n\n");
            if (!c.perKeyTopics.isEmpty()) {
                sb.append("Order inside a step is per key only for: `").append(String.join("`, `", c.perKeyTopics)).append("`\n\n");
            }
            if (e.code.stream().anyMatch(l -> !l.isBlank())) {
                sb.append("```java\n").append(strip(e.code)).append("```\n\n");
            }
        }
        return sb.toString();
    }

    private static String strip(final List<String> code) {
        int indent = Integer.MAX_VALUE;
        for (final String l : code) {
            if (!l.isBlank()) {
                indent = Math.min(indent, l.length() - l.stripLeading().length());
            }
        }
        final StringBuilder sb = new StringBuilder();
        for (final String l : code) {
            sb.append(l.isBlank() ? "" : l.substring(indent)).append("\n");
        }
        return sb.toString().strip() + "\n";
    }
}
