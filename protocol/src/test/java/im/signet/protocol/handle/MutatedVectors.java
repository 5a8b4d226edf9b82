package im.signet.protocol.handle;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static im.signet.protocol.handle.Chain.TIME;
import static im.signet.protocol.handle.Chain.signers;
import static im.signet.protocol.handle.Forge.key;

/**
 * Valid records with something changed at random, signed again where it is the payload, beside the verdict that we give:
 * for the other implementation to give the same. Left in target, as nobody needs to read them.
 */
final class MutatedVectors {
    private static final List<String> PIECES = List.of("null", "1.0", "1e0", "-0", "-1", "9007199254740992", "[]", "{}",
            "\"\"", "true", ",", ":", "\"", "\\", "\\u0061", "\\u0000", "\\ud83d\\ude00", "\\ud800", " ", "\n", "\t",
            "{",
            "}", "[", "]", "0", "00", "=", "-", "_", "+", "/", "A", "\u00e9", "\ud83d\ude00", "\u0000", "\"seq\":0,",
            "\"ext\":{\"a\":1},", "\"ext\":{},", "\"to\":\"bob@example.org\",", "\"t\":\"signet.binding.v1\",",
            "active",
            "moved", "released", "genesis", "update", "recover", "deactivate", "Ed25519", "1e400", "1E-400", "0x1",
            "NaN");
    private static final List<String> NAMES = List.of("t", "op", "id", "home", "seq", "prev", "epoch", "iat", "rnd",
            "recovery",
            "devices", "revoked", "h", "head", "hs", "st", "to", "exp", "reach", "ext", "kid", "__proto__", "");
    private static final List<String> VALUES = List.of("null", "0", "1", "2", "-1", "-0", "1.0", "1e0",
            "9007199254740991",
            "9007199254740992", "1790000000", "1900000000", "\"\"", "\"active\"", "\"moved\"", "\"released\"",
            "\"update\"",
            "\"recover\"", "\"deactivate\"", "\"example.org\"", "\"other.example\"", "\"bob@example.org\"", "true",
            "[]", "{}",
            "[[]]", "{\"matrix\":\"@a:b\"}", "{\"matrix\":\"@:b\"}", "{\"matrix\":\"@a:[::1]:80\"}",
            "{\"matrix\":\"@a:b.1\"}",
            "{\"matrix\":\"@A b:c\"}", "{\"matrix\":\"@a:B:0\"}",
            "{\"matrix\":\"@a:1.2.3.4\",\"matrix_master_key\":\"\"}",
            "[{\"kid\":\"" + key("phone").key().thumbprint() + "\",\"why\":\"lost\"}]",
            "\"" + key("phone").key().x() + "\"", "\"" + key("r1").key().x() + "\"",
            "\"" + key("laptop").key().x() + "\"",
            "[\"" + key("laptop").key().x() + "\"]", "\"" + Base64Url.encode(new byte[32]) + "\"",
            "[\"" + key("phone").key().x() + "\",\"" + key("r1").key().x() + "\"]", "{\"a\":{\"b\":{\"c\":[[[[]]]]}}}",
            "{\"a\":{\"b\":{\"c\":[[[[[]]]]]}}}");
    private static final List<String> HANDLE_PIECES = List.of("a", "z", "0", "9", ".", "-", "_", "@", "xn--", "--", "A",
            "example", ".org", "bcher-kva", "fa-hia", "p1ai", "\u00e9", "\u0430", " ", "\n", "kva", "ls8h",
            "a".repeat(30),
            "\u3002", "99", "zz9");
    private static final List<String> CARD_PIECES = List.of("A", "7", "1", "=", "a", "SIGNET:", "https://", "/c#", "#",
            "c",
            ".", ":", "8443", "[::1]", "\u0131", " ", "AAAA");

    private final Random random = new Random(20261121);

    private MutatedVectors() {}

    static VectorFile chains(int count) {
        MutatedVectors mutated = new MutatedVectors();
        VectorFile file = new VectorFile("Operations with something changed at random.");
        Chain one = Chain.begin("phone", "r1");
        Jws two = one.with("laptop", "phone").last();
        for (int i = 0; i < count; i++) {
            boolean first = mutated.random.nextBoolean();
            String text = first
                    ? mutated.record(one.last(), signers("phone", "r1"))
                    : mutated.record(two, signers("phone", "laptop"));
            List<String> texts = first ? List.of(text) : List.of(one.last().toText(), text);
            Verdict<Identity> verdict = Jws.parse(text)
                    .flatMap(first ? Identity::genesis : jws -> one.identity().apply(jws));
            JsonObject.Builder members = JsonObject.builder().put("verdict", VectorFile.verdict(verdict.reason()));
            members.put("operations", VectorFile.strings(texts));
            if (verdict.isValid()) {
                members.put("id", verdict.orElseThrow().id().value()).put("head", verdict.orElseThrow().head().value());
            } else {
                members.put("at", texts.size() - 1L);
            }
            file.add("chain-" + i, members);
        }
        return file;
    }

    static VectorFile bindings(int count) {
        MutatedVectors mutated = new MutatedVectors();
        VectorFile file = new VectorFile("Bindings with something changed at random.");
        Chain chain = Chain.begin("phone", "r1");
        Jws first = Binding.first(Handle.of("alice@example.org"), chain.identity(), TIME, Forge.rnd("m"))
                .sign(key("phone"));
        SignedBinding signed = SignedBinding.verify(first, chain.identity()).orElseThrow();
        Jws reached = Binding.first(Handle.of("alice@example.org"), chain.identity(), TIME, Forge.rnd("m"))
                .withReach(new Reach(UserId.of("@alice:matrix.example.org:8448"), Optional.empty()))
                .sign(key("phone"));
        Jws moved = signed.move(chain.identity(), Handle.of("alice@other.example"), TIME, Forge.rnd("n"))
                .sign(key("r1"));
        for (int i = 0; i < count; i++) {
            boolean alone = mutated.random.nextBoolean();
            String text = alone
                    ? mutated.record(mutated.random.nextBoolean() ? first : reached, signers("phone"))
                    : mutated.record(moved, signers("r1"));
            List<String> texts = alone ? List.of(text) : List.of(first.toText(), text);
            Verdict<SignedBinding> verdict = Jws.parse(text)
                    .flatMap(jws -> SignedBinding.verify(jws, chain.identity()));
            Optional<Reason> reason = verdict.reason().isPresent() || alone
                    ? verdict.reason()
                    : verdict.orElseThrow().follows(signed);
            JsonObject.Builder members = JsonObject.builder().put("verdict", VectorFile.verdict(reason));
            members.put("operations", VectorFile.strings(chain.texts())).put("bindings", VectorFile.strings(texts));
            if (reason.isPresent()) {
                members.put("at", texts.size() - 1L);
            } else {
                members.put("standing", verdict.orElseThrow().standing(chain.identity()).name());
            }
            file.add("binding-" + i, members);
        }
        return file;
    }

    static VectorFile handles(int count) {
        MutatedVectors mutated = new MutatedVectors();
        VectorFile file = new VectorFile("Handles with something changed at random.");
        List<String> seeds = List.of("alice@example.org", "a.b-c_d@xn--bcher-kva.example", "a@b.xn--p1ai");
        for (int i = 0; i < count; i++) {
            String text = seeds.get(mutated.random.nextInt(seeds.size()));
            for (int changes = mutated.random.nextInt(4); changes >= 0; changes--) {
                text = mutated.change(text, HANDLE_PIECES);
            }
            file.add("handle-" + i, JsonObject.builder()
                    .put("verdict", VectorFile.verdict(Handle.parse(text).reason()))
                    .put("handle", text));
        }
        return file;
    }

    static VectorFile cards(int count) {
        MutatedVectors mutated = new MutatedVectors();
        VectorFile file = new VectorFile("Cards with something changed at random.");
        Card card = Card.of(Chain.begin("phone", "r1").identity(), Optional.of(Handle.of("alice@example.org")));
        List<String> seeds = List.of(card.toText(), new Card(card.id(), 1, 2, 3, Optional.empty()).toText(),
                card.toLink(ServerName.of("ns.example.org")));
        for (int i = 0; i < count; i++) {
            String text = seeds.get(mutated.random.nextInt(seeds.size()));
            for (int changes = mutated.random.nextInt(2); changes >= 0; changes--) {
                text = mutated.change(text, CARD_PIECES);
            }
            file.add("card-" + i, JsonObject.builder()
                    .put("verdict", VectorFile.verdict(Card.parse(text).reason()))
                    .put("card", text));
        }
        return file;
    }

    /** Returns {@code jws} with its envelope changed, or with its payload changed and signed again. */
    private String record(Jws jws, JwsSigner... signers) {
        int what = random.nextInt(8);
        String text = what == 0 ? jws.toText() : Forge.payload(jws);
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            text = what > 2 ? changeMember(text) : change(text, PIECES);
        }
        if (what == 0) {
            return text;
        }
        String shortest = text.isEmpty() ? "{}" : text;
        return Forge.sign(jws.type().typ(), shortest.getBytes(StandardCharsets.UTF_8), signers);
    }

    /** Returns the object {@code text} with a member left out, doubled, renamed or of another value. */
    private String changeMember(String text) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        StrictJson.parseObject(text).toOptional().ifPresent(object -> object.members().forEach((name, value) -> {
            names.add(name);
            values.add(StrictJson.write(value));
        }));
        if (names.isEmpty()) {
            return text;
        }
        int at = random.nextInt(names.size());
        int other = random.nextInt(names.size());
        switch (random.nextInt(8)) {
            case 0 -> {
                names.remove(at);
                values.remove(at);
            }
            case 1 -> names.set(at, random.nextBoolean() ? names.get(other) : NAMES.get(random.nextInt(NAMES.size())));
            case 2 -> {
                names.add(at, NAMES.get(random.nextInt(NAMES.size())));
                values.add(at, VALUES.get(random.nextInt(VALUES.size())));
            }
            case 3 -> values.set(at, values.get(other));
            case 4 -> values.set(at, change(values.get(at), PIECES));
            case 5 -> values.set(at, values.get(at).startsWith("[") ? shaken(values.get(at)) : values.get(other));
            default -> values.set(at, VALUES.get(random.nextInt(VALUES.size())));
        }
        StringBuilder changed = new StringBuilder("{");
        for (int i = 0; i < names.size(); i++) {
            changed.append(i == 0 ? "" : ",").append('"').append(names.get(i)).append("\":").append(values.get(i));
        }
        return changed.append('}').toString();
    }

    /** Returns the array {@code text} with an item more, fewer or elsewhere. */
    private String shaken(String text) {
        List<String> items = new ArrayList<>(List.of(text.substring(1, text.length() - 1).split(",", -1)));
        items.removeIf(String::isEmpty);
        String more = random.nextBoolean() || items.isEmpty()
                ? VALUES.get(random.nextInt(VALUES.size()))
                : items.get(random.nextInt(items.size()));
        if (random.nextBoolean() && !items.isEmpty()) {
            items.remove(random.nextInt(items.size()));
        }
        items.add(random.nextInt(items.size() + 1), more);
        return "[" + String.join(",", items) + "]";
    }

    /** Returns {@code text} with a piece put in, in the place of another, left out, or doubled. */
    private String change(String text, List<String> pieces) {
        List<String> parts = new ArrayList<>(parts(text));
        int at = random.nextInt(parts.size() + 1);
        String piece = pieces.get(random.nextInt(pieces.size()));
        if (at == parts.size()) {
            return text + piece;
        }
        switch (random.nextInt(5)) {
            case 0 -> parts.add(at, piece);
            case 1 -> parts.remove(at);
            case 2 -> parts.add(at, parts.get(random.nextInt(parts.size())));
            default -> parts.set(at, piece);
        }
        return String.join("", parts);
    }

    /** Returns the words, numbers and marks of {@code text}, long words in two at a random place. */
    private List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            boolean ends = i == text.length() || !Character.isLetterOrDigit(text.charAt(i))
                    || !Character.isLetterOrDigit(text.charAt(i - 1)) || random.nextInt(20) == 0;
            boolean inPair = i < text.length() && Character.isLowSurrogate(text.charAt(i));
            if (ends && !inPair) {
                parts.add(text.substring(start, i));
                start = i;
            }
        }
        return parts;
    }
}
