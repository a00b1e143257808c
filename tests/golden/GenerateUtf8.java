// Prints utf8.json: what Java makes of bytes that are not UTF-8.
//
//   java GenerateUtf8.java > utf8.json
//
// "cases" are to be read by people. "digests" cover every sequence of 1 to 4 bytes out of "alphabet",
// one FNV-1a digest for each first byte: of all results in order, each followed by a zero byte.
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

public class GenerateUtf8 {
    static final HexFormat HEX = HexFormat.of();
    static final String ALPHABET = "417f808f909fa0bfc1c2c3dfe0e1edeff0f1f4f5ff";

    static final String[][] CASES = {
        {"a lone continuation byte", "80"},
        {"two lone continuation bytes", "8081"},
        {"a byte that begins nothing", "ff"},
        {"a byte that began five bytes once", "f8888080"},
        {"a text around a bad byte", "6162ff6364"},
        {"a text that is Latin-1", "63616ee96f"},
        {"two bytes cut short", "c3"},
        {"two bytes cut short by a letter", "c361"},
        {"two bytes cut short by a character", "c3c3a9"},
        {"three bytes cut short after one", "e4"},
        {"three bytes cut short after two", "e4b8"},
        {"three bytes cut short after one by a letter", "e461"},
        {"three bytes cut short after two by a letter", "e4b861"},
        {"four bytes cut short after one", "f0"},
        {"four bytes cut short after two", "f09f"},
        {"four bytes cut short after three", "f09f98"},
        {"four bytes cut short after three by a letter", "f09f9861"},
        {"four bytes cut short after three by a character", "f09f98c3a9"},
        {"an overlong slash in two bytes", "c0af"},
        {"an overlong slash in three bytes", "e080af"},
        {"an overlong slash in four bytes", "f08080af"},
        {"the largest overlong form of three bytes", "e09fbf"},
        {"the largest overlong form of four bytes", "f08fbfbf"},
        {"Java's modified zero", "c080"},
        {"a high surrogate", "eda080"},
        {"a low surrogate", "edb080"},
        {"a pair of surrogates", "eda0bdedb880"},
        {"a surrogate cut short", "eda0"},
        {"a surrogate cut short by a letter", "eda061"},
        {"past the last character", "f4908080"},
        {"far past the last character", "f5808080"},
        {"the last character", "f48fbfbf"},
        {"a character that is none but valid", "efbfbe"},
        {"a byte order mark", "efbbbf61"},
        {"the replacement itself", "efbfbd"},
        {"a bad byte after eight letters", "6162636465666768ff"},
        {"a cut character after eight letters", "6162636465666768e4b8"},
        {"good characters after a bad byte", "ff68c3a9e4b8adf09f9880"},
    };

    static byte[] repaired(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    static long digest;

    static void add(byte b) {
        digest = (digest ^ (b & 0xff)) * 0x100000001b3L;
    }

    static void addAll(byte[] alphabet, byte[] prefix) {
        for (byte b : repaired(prefix)) add(b);
        add((byte) 0);
        if (prefix.length == 4) return;
        byte[] longer = java.util.Arrays.copyOf(prefix, prefix.length + 1);
        for (byte next : alphabet) {
            longer[prefix.length] = next;
            addAll(alphabet, longer);
        }
    }

    public static void main(String[] args) {
        System.out.println("{\n  \"java\": \"" + Runtime.version().feature() + "\",\n  \"cases\": [");
        for (int i = 0; i < CASES.length; ++i) {
            byte[] bytes = HEX.parseHex(CASES[i][1]);
            System.out.printf("    {\"what\": \"%s\", \"bytes\": \"%s\", \"text\": \"%s\"}%s%n", CASES[i][0],
                CASES[i][1], HEX.formatHex(repaired(bytes)), i + 1 < CASES.length ? "," : "");
        }
        System.out.println("  ],\n  \"alphabet\": \"" + ALPHABET + "\",\n  \"digests\": {");
        byte[] alphabet = HEX.parseHex(ALPHABET);
        for (int i = 0; i < alphabet.length; ++i) {
            digest = 0xcbf29ce484222325L;
            addAll(alphabet, new byte[] {alphabet[i]});
            System.out.printf("    \"%02x\": \"%016x\"%s%n", alphabet[i] & 0xff, digest,
                i + 1 < alphabet.length ? "," : "");
        }
        System.out.println("  }\n}");
    }
}
