package im.signet.protocol.handle;

import im.signet.protocol.handle.Revocation.Why;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import static im.signet.protocol.handle.Chain.TIME;
import static im.signet.protocol.handle.Chain.keys;
import static im.signet.protocol.handle.Forge.key;
import static im.signet.protocol.handle.Forge.replace;

/** Proofs of possession, statuses, handles, cards and fingerprints. */
final class OtherVectors {
    private static final Handle ALICE = Handle.of("alice@example.org");

    private OtherVectors() {}

    static VectorFile proofs() {
        VectorFile file = new VectorFile(
                "Proofs of possession: docs/spec/handles.md, section 6. `signer` is the key of the "
                        + "binding, `expected` what the server knows.");
        OpId binding = OpId.ofPayload("binding".getBytes(StandardCharsets.UTF_8));
        String audience = "https://ns.example.org";
        String uri = audience + "/_signet/ns/v1/bindings";
        ProofOfPossession.Request request = new ProofOfPossession.Request(audience, Forge.nonce("1"), binding,
                ProofOfPossession.Method.POST, uri);
        ProofOfPossession.Request other = new ProofOfPossession.Request(audience, Forge.nonce("2"),
                OpId.ofPayload(new byte[1]), ProofOfPossession.Method.PUT, uri);
        Jws good = new ProofOfPossession(request, TIME).sign(key("phone"));
        JwsSigner phone = key("phone");

        proof(file, "valid", Optional.empty(), request, good.toText());
        proof(file, "for-another-server", Reason.WRONG_AUDIENCE, request,
                Forge.resign(good, p -> replace(p, "ns.example.org", "evil.example"), phone));
        proof(file, "for-another-spelling-of-the-server", Reason.WRONG_AUDIENCE, request,
                Forge.resign(good, p -> replace(p, "ns.example.org\"", "ns.example.org/\""), phone));
        proof(file, "for-another-nonce", Reason.WRONG_NONCE, request, Forge.resign(good,
                p -> replace(p, Forge.nonce("1").value(), Forge.nonce("2").value()), phone));
        proof(file, "for-another-binding", Reason.WRONG_BINDING, request, Forge.resign(good,
                p -> replace(p, binding.value(), OpId.ofPayload(new byte[1]).value()), phone));
        proof(file, "for-another-method", Reason.WRONG_REQUEST, request,
                Forge.resign(good, p -> replace(p, "POST", "PUT"), phone));
        proof(file, "for-another-url", Reason.WRONG_REQUEST, request,
                Forge.resign(good, p -> replace(p, "/bindings", "/identities"), phone));
        proof(file, "for-nothing-of-it", Reason.WRONG_NONCE, request,
                new ProofOfPossession(other, TIME).sign(phone).toText());
        proof(file, "by-another-key", Reason.UNKNOWN_SIGNER, request,
                new ProofOfPossession(request, TIME).sign(key("laptop")).toText());
        proof(file, "by-another-key-too", Reason.SUPERFLUOUS_SIGNATURE, request,
                good.signedBy(key("laptop")).toText());
        proof(file, "bad-signature", Reason.BAD_SIGNATURE, request, Forge.sign(good.payload(),
                List.of(new Forge.Part(Forge.header("signet-pop+jws", phone), key("laptop")))));
        proof(file, "typ-of-a-binding", Reason.WRONG_TYP, request,
                Forge.sign("signet-binding+jws", good.payload(), phone));
        proof(file, "t-of-a-status", Reason.WRONG_T, request,
                Forge.resign(good, p -> replace(p, "signet.pop.v1", "signet.status.v1"), phone));
        proof(file, "nonce-of-16-bytes", Reason.MALFORMED_MEMBER, request, Forge.resign(good,
                p -> replace(p, Forge.nonce("1").value(), Base64Url.encode(new byte[16])), phone));
        proof(file, "nonce-with-trailing-bits", Reason.MALFORMED_MEMBER, request, Forge.resign(good,
                p -> p.replaceAll("(\"nonce\":\"[^\"]*)[^\"]\"", "$1_\""), phone));
        proof(file, "method-unknown", Reason.MALFORMED_MEMBER, request,
                Forge.resign(good, p -> replace(p, "POST", "GET"), phone));
        proof(file, "method-in-lower-case", Reason.MALFORMED_MEMBER, request,
                Forge.resign(good, p -> replace(p, "POST", "post"), phone));
        proof(file, "url-with-a-blank", Reason.MALFORMED_MEMBER, request,
                Forge.resign(good, p -> replace(p, "/bindings", "/bind ings"), phone));
        proof(file, "url-too-long", Reason.MALFORMED_MEMBER, request,
                Forge.resign(good, p -> replace(p, "/bindings", "/".repeat(500)), phone));
        proof(file, "iat-missing", Reason.MISSING_MEMBER, request,
                Forge.resign(good, p -> replace(p, ",\"iat\":" + TIME, ""), phone));
        proof(file, "member-unknown", Reason.UNEXPECTED_MEMBER, request,
                Forge.resign(good, p -> replace(p, "{", "{\"ext\":{},"), phone));
        proof(file, "iat-as-a-float", Reason.NOT_AN_INTEGER, request,
                Forge.resign(good, p -> replace(p, String.valueOf(TIME), TIME + ".0"), phone));
        return file;
    }

    private static void proof(VectorFile file, String name, Reason reason, ProofOfPossession.Request expected,
            String proof) {
        proof(file, name, Optional.of(reason), expected, proof);
    }

    private static void proof(VectorFile file, String name, Optional<Reason> reason, ProofOfPossession.Request expected,
            String proof) {
        file.add(name, JsonObject.builder()
                .put("verdict", VectorFile.verdict(reason))
                .put("signer", key("phone").key().x())
                .put("expected", JsonObject.builder()
                        .put("aud", expected.audience())
                        .put("nonce", expected.nonce().value())
                        .put("b", expected.binding().value())
                        .put("htm", expected.method().name())
                        .put("htu", expected.uri())
                        .build())
                .put("proof", proof));
    }

    static VectorFile statuses() {
        VectorFile file = new VectorFile(
                "Statuses: docs/spec/handles.md, section 7. Signed by one of `keys`. Of a pair, "
                        + "`contradicts` says whether it proves a lie.");
        Identity alice = Chain.begin("phone", "r1").identity();
        Identity bob = Chain.begin("laptop", "r2").identity();
        OpId one = OpId.ofPayload("one".getBytes(StandardCharsets.UTF_8));
        OpId two = OpId.ofPayload("two".getBytes(StandardCharsets.UTF_8));
        Status status = new Status(ALICE, alice.id(), 7, one, alice.head(), Status.State.ACTIVE, TIME, TIME + 3600);
        Jws good = status.sign(key("status"));
        JwsSigner signer = key("status");
        for (Status.State state : Status.State.values()) {
            status(file, "valid-" + state.wireName(), Optional.empty(),
                    new Status(ALICE, alice.id(), 7, one, alice.head(), state, TIME, TIME + 86_400).sign(signer)
                            .toText());
        }
        status(file, "by-the-older-key", Optional.empty(), status.sign(key("older status")).toText());
        status(file, "by-a-stranger", Reason.UNKNOWN_SIGNER, status.sign(key("mallory")).toText());
        status(file, "by-both-keys", Reason.SUPERFLUOUS_SIGNATURE, good.signedBy(key("older status")).toText());
        status(file, "bad-signature", Reason.BAD_SIGNATURE, Forge.sign(good.payload(),
                List.of(new Forge.Part(Forge.header("signet-status+jws", signer), key("mallory")))));
        status(file, "for-a-day-and-a-second", Reason.EXPIRY,
                Forge.resign(good, p -> p.replaceAll("\"exp\":\\d+", "\"exp\":" + (TIME + 86_401)), signer));
        status(file, "exp-at-iat", Reason.EXPIRY,
                Forge.resign(good, p -> p.replaceAll("\"exp\":\\d+", "\"exp\":" + TIME), signer));
        status(file, "st-unknown", Reason.MALFORMED_MEMBER,
                Forge.resign(good, p -> replace(p, "active", "verified"), signer));
        status(file, "op_id-missing", Reason.MISSING_MEMBER,
                Forge.resign(good, p -> p.replaceAll("\"op_id\":\"[^\"]*\",", ""), signer));
        status(file, "member-unknown", Reason.UNEXPECTED_MEMBER,
                Forge.resign(good, p -> replace(p, "{", "{\"verified\":true,"), signer));
        status(file, "seq-with-exponent", Reason.NOT_AN_INTEGER,
                Forge.resign(good, p -> replace(p, "\"seq\":7", "\"seq\":7e0"), signer));
        status(file, "member-twice", Reason.PAYLOAD_NOT_STRICT_JSON,
                Forge.resign(good, p -> replace(p, "{", "{\"st\":\"active\","), signer));
        status(file, "t-of-a-binding", Reason.WRONG_T,
                Forge.resign(good, p -> replace(p, "signet.status.v1", "signet.binding.v1"), signer));
        status(file, "typ-of-a-binding", Reason.WRONG_TYP, Forge.sign("signet-binding+jws", good.payload(), signer));
        status(file, "compact", Reason.ENVELOPE_NOT_STRICT_JSON, Base64Url
                .encode(Forge.header("signet-status+jws", signer).getBytes(StandardCharsets.UTF_8)) + "."
                + Base64Url.encode(good.payload()) + "." + Base64Url.encode(new byte[64]));

        long week = Status.MIN_QUARANTINE_SECONDS - 2 * Status.MAX_BACKDATED_SECONDS;
        pair(file, "same-said-twice", false, status, status);
        pair(file, "renewed", false, status, at(status, alice, 8, two, TIME + 60));
        pair(file, "two-bindings-of-one-seq", true, status, at(status, alice, 7, two, TIME + 60));
        pair(file, "older-binding-later", true, status, at(status, alice, 6, two, TIME + 3_601));
        pair(file, "older-binding-within-the-hour", false, status, at(status, alice, 6, two, TIME + 3_600));
        pair(file, "older-binding-earlier", false, status, at(status, alice, 6, two, TIME - 60));
        pair(file, "two-identities", true, status, at(status, bob, 0, two, TIME + week - 1));
        pair(file, "two-identities-a-week-but-two-hours-apart", false, status, at(status, bob, 0, two, TIME + week));
        pair(file, "two-handles", false, status, new Status(Handle.of("bob@example.org"), bob.id(), 7, two, bob.head(),
                Status.State.ACTIVE, TIME, TIME + 60));
        return file;
    }

    private static Status at(Status like, Identity identity, long seq, OpId opId, long iat) {
        return new Status(like.handle(), identity.id(), seq, opId, identity.head(), Status.State.ACTIVE, iat, iat + 60);
    }

    private static void status(VectorFile file, String name, Reason reason, String status) {
        status(file, name, Optional.of(reason), status);
    }

    private static void status(VectorFile file, String name, Optional<Reason> reason, String status) {
        file.add(name, JsonObject.builder()
                .put("verdict", VectorFile.verdict(reason))
                .put("keys", VectorFile.strings(keys("older status", "status").stream().map(JwsKey::x).toList()))
                .put("statuses", VectorFile.strings(List.of(status))));
    }

    private static void pair(VectorFile file, String name, boolean contradicts, Status one, Status other) {
        file.add(name, JsonObject.builder()
                .put("verdict", "VALID")
                .put("contradicts", contradicts)
                .put("keys", VectorFile.strings(keys("status").stream().map(JwsKey::x).toList()))
                .put("statuses", VectorFile.strings(List.of(one.sign(key("status")).toText(),
                        other.sign(key("status")).toText()))));
    }

    static VectorFile handles() {
        VectorFile file = new VectorFile("Handles: docs/spec/handles.md, section 1.");
        String label = "a".repeat(63);
        for (String valid : List.of("alice@example.org", "a@b.c", "0@example.org", "a.b-c_d9@example.org",
                "a-b@example.org",
                "abcdefghijklmnopqrstuvwxyz012345@example.org", "alice@a.b.c.d.example", "alice@0.example",
                "alice@xn--bcher-kva.example", "alice@example.xn--p1ai", "alice@xn--fa-hia.de", "alice@xn--ls8h.la",
                "alice@a-b--c.example", "alice@" + label + "." + label + "." + label + ".example")) {
            handle(file, valid, Optional.empty());
        }
        for (String shape : List.of("", "alice", "alice.example.org", "alice@bob@example.org", "@@",
                "alice\uff20example.org")) {
            handle(file, shape, Optional.of(Reason.HANDLE_SHAPE));
        }
        for (String local : List.of("@example.org", "Alice@example.org", ".alice@example.org", "alice.@example.org",
                "-a@example.org", "a_@example.org", "a..b@example.org", "a.-b@example.org", "a__b@example.org",
                "a b@example.org", "a+b@example.org", "alic\u00e9@example.org", "\u0430lice@example.org",
                "abcdefghijklmnopqrstuvwxyz0123456@example.org", "a\u0000@example.org", "alice\n@example.org",
                " alice@example.org", "\"alice\"@example.org", "al%69ce@example.org", "\ud83d\ude00@example.org")) {
            handle(file, local, Optional.of(Reason.HANDLE_LOCAL_PART));
        }
        for (String domain : List.of("alice@", "alice@localhost", "alice@example.org.", "alice@.example.org",
                "alice@example..org", "alice@Example.org", "alice@example.org:443", "alice@127.0.0.1", "alice@127.1",
                "alice@[::1]", "alice@example.0x7f", "alice@example.1", "alice@-a.example", "alice@a-.example",
                "alice@a_b.example", "alice@b\u00fccher.example", "alice@XN--BCHER-KVA.example",
                "alice@xn--.example", "alice@xn--a.example", "alice@xn--abc-.example",
                "alice@xn--bcher-kva9999999.example",
                "alice@xn--bcher-KVA.example", "alice@ab--c.example", "alice@a" + label + ".example",
                "alice@" + (label + ".").repeat(4) + "example", "alice@exam ple.org", "alice@example.org\n",
                "alice@example.org/", "alice@example\u3002org", "alice@xn--99999999.example",
                "alice@xn--a-ecp.ru", "alice@xn--0ca.example".replace("0ca", Punycode.encode(new int[]{0xAD, 'a'})),
                "alice@xn--" + Punycode.encode("a\uff0eb".codePoints().toArray()) + ".example",
                "alice@xn--" + Punycode.encode("a\u202eb".codePoints().toArray()) + ".example",
                "alice@xn--" + Punycode.encode("a\u200bb".codePoints().toArray()) + ".example",
                "alice@xn--" + Punycode.encode(new int[]{'a', 0xE0041}) + ".example",
                "alice@xn--" + Punycode.encode(new int[]{'a', 0xD800}) + ".example",
                "alice@xn--" + Punycode.encode(new int[]{'A', 0xE9}) + ".example")) {
            handle(file, domain, Optional.of(Reason.HANDLE_DOMAIN));
        }
        return file;
    }

    private static void handle(VectorFile file, String handle, Optional<Reason> reason) {
        file.add("handle-" + file.vectors().size(), JsonObject.builder()
                .put("verdict", VectorFile.verdict(reason))
                .put("handle", handle));
    }

    static VectorFile cards() {
        VectorFile file = new VectorFile(
                "Cards: docs/spec/handles.md, section 8. `agreement` is with the chain in `operations`.");
        Chain chain = Chain.begin("phone", "r1", "r2").with("laptop", "phone");
        Chain later = chain.then(id -> id.recover(keys("new", "phone"), Why.LOST, 1), "r1", "new");
        Card plain = Card.of(chain.identity(), Optional.empty());
        Card named = Card.of(later.identity(), Optional.of(ALICE));
        card(file, "plain", plain, plain.toText());
        card(file, "named", named, named.toText());
        card(file, "named-with-a-long-handle", Card.of(chain.identity(), Optional.of(
                Handle.of("a".repeat(32) + "@" + ("b".repeat(61) + ".").repeat(4) + "c"))));
        card(file, "link", named, named.toLink(ServerName.of("ns.example.org")));
        card(file, "link-with-port", plain, plain.toLink(ServerName.of("ns.example.org:8448")));
        Card greatest = new Card(plain.id(), 65_535, 65_535, -1, Optional.empty());
        card(file, "greatest-numbers", greatest, greatest.toText());

        agreement(file, "agrees", Optional.empty(), plain, chain);
        agreement(file, "agrees-with-a-longer-chain", Optional.empty(), plain, later);
        agreement(file, "chain-rolled-back", Optional.of(Reason.UNKNOWN_HEAD), named, chain);
        agreement(file, "another-identity", Optional.of(Reason.WRONG_ID), plain, Chain.begin("laptop", "r1"));
        Chain fork = new Chain(chain.operations().subList(0, 1), chain.identity().at(0).orElseThrow())
                .with("tablet", "phone");
        agreement(file, "another-branch", Optional.of(Reason.WRONG_HEAD), plain, fork);
        agreement(file, "another-epoch", Optional.of(Reason.WRONG_EPOCH),
                new Card(plain.id(), 1, plain.headSeq(), plain.headPrefix(), Optional.empty()), chain);

        String text = named.toText();
        for (String shape : List.of("", "SIGNET", "signet:" + text.substring(7), text.substring(7), " " + text,
                "http://ns.example.org/c#" + text.substring(7), "https://ns.example.org/c/#" + text.substring(7),
                "https://ns.example.org/card#" + text.substring(7), "https:///c#" + text.substring(7),
                "https://c#" + text.substring(7), "https://",
                "https://NS.example.org/c#" + text.substring(7), "https://a@b.example/c#" + text.substring(7),
                "https://ns.example.org/c?#" + text.substring(7), "HTTPS://ns.example.org/c#" + text.substring(7),
                "https://ns.example.org:0/c#" + text.substring(7), "https://ns.example.org/c",
                "SIGNET:" + "A".repeat(1024))) {
            card(file, Reason.CARD_SHAPE, shape);
        }
        for (String code : List.of("SIGNET:" + text.substring(7).toLowerCase(Locale.ROOT), text + "=",
                text + "\n", text + "1", text.replace("SIGNET:", "SIGNET:0"), plain.toText() + "A",
                text.substring(0, text.length() - 1) + "B", "SIGNET:A\u212a" + text.substring(9),
                "https://ns.example.org/c#" + text)) {
            card(file, Reason.NOT_BASE32, code);
        }
        byte[] bytes = Base32.decode(plain.toText().substring(7), Base32.UPPER).orElseThrow();
        card(file, Reason.CARD_VERSION, "SIGNET:");
        card(file, Reason.CARD_VERSION, encode(bytes, b -> b.put(0, (byte) 0)));
        card(file, Reason.CARD_VERSION, encode(bytes, b -> b.put(0, (byte) 2)));
        card(file, Reason.CARD_LENGTH, encode(Arrays.copyOf(bytes, 44), b -> {}));
        card(file, Reason.CARD_LENGTH, "SIGNET:AE");
        card(file, Reason.CARD_LENGTH, encode(Arrays.copyOf(bytes, 45 + 287), b -> {}));
        card(file, Reason.CARD_EPOCH, encode(bytes, b -> b.putShort(33, (short) 2)));
        card(file, Reason.CARD_EPOCH, encode(bytes, b -> b.putShort(33, (short) 0xFFFF)));
        card(file, Reason.HANDLE_SHAPE, withHandle(bytes, "alice"));
        card(file, Reason.HANDLE_LOCAL_PART, withHandle(bytes, "Alice@example.org"));
        card(file, Reason.HANDLE_LOCAL_PART, withHandle(bytes, "\u00e9@example.org"));
        card(file, Reason.HANDLE_DOMAIN, withHandle(bytes, "alice@localhost"));
        card(file, Reason.HANDLE_DOMAIN, withHandle(bytes, "alice@example.org\u0000"));
        return file;
    }

    private static String withHandle(byte[] bytes, String handle) {
        byte[] name = handle.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(bytes, bytes.length + name.length);
        System.arraycopy(name, 0, all, bytes.length, name.length);
        return encode(all, b -> {});
    }

    private static String encode(byte[] bytes, Consumer<ByteBuffer> change) {
        byte[] copy = bytes.clone();
        change.accept(ByteBuffer.wrap(copy));
        return "SIGNET:" + Base32.encode(copy, Base32.UPPER);
    }

    private static void card(VectorFile file, String name, Card card) {
        card(file, name, card, card.toText());
    }

    private static void card(VectorFile file, String name, Card card, String text) {
        JsonObject.Builder members = JsonObject.builder()
                .put("verdict", "VALID")
                .put("card", text)
                .put("id", card.id().value())
                .put("epoch", card.epoch())
                .put("head_seq", card.headSeq())
                .put("head_prefix", "%016x".formatted(card.headPrefix()));
        card.handle().ifPresent(handle -> members.put("handle", handle.toString()));
        file.add(name, members);
    }

    private static void card(VectorFile file, Reason reason, String text) {
        file.add("refused-" + file.vectors().size(),
                JsonObject.builder().put("verdict", reason.name()).put("card", text));
    }

    private static void agreement(VectorFile file, String name, Optional<Reason> reason, Card card, Chain chain) {
        file.add(name, JsonObject.builder()
                .put("verdict", "VALID")
                .put("card", card.toText())
                .put("agreement", VectorFile.verdict(reason))
                .put("operations", VectorFile.strings(chain.texts())));
    }

    static VectorFile fingerprints() {
        VectorFile file = new VectorFile(
                "Fingerprints: docs/spec/handles.md, section 9. Of the identities of two chains, or a text "
                        + "that somebody typed.");
        Chain alice = Chain.begin("phone", "r1", "r2", "r3");
        Chain bob = Chain.begin("laptop", "b1");
        String both = fingerprint(file, "two", alice, bob);
        same(both, fingerprint(file, "the-other-way-round", bob, alice));
        same(both, fingerprint(file, "with-a-device-more", alice.with("tablet", "phone"), bob));
        Chain reordered = alice.then(id -> id.replaceRecovery(keys("r2", "r1", "r3"), Why.RETIRED, 1), "r1");
        differ(both, fingerprint(file, "in-a-new-epoch-by-recovery-keys", reordered, bob));
        differ(both, fingerprint(file, "in-a-new-epoch-by-recovery",
                alice.then(id -> id.recover(keys("new"), Why.LOST, 1), "r1", "new"), bob));
        fingerprint(file, "with-oneself", alice, alice);
        text(file, "typed", Optional.empty(), both);
        for (String text : List.of("", both.replace(" ", ""), both + " ", " " + both, both.replace(' ', '\n'),
                both.substring(0, 70) + "a", both.substring(0, 70) + "\u0663", both.substring(0, 65),
                both.replaceFirst(" ", "  "), both.replaceFirst("(.)(.) ", "$1 $2"), both.replaceFirst("\\d", "-"))) {
            text(file, "refused-" + file.vectors().size(), Optional.of(Reason.FINGERPRINT_SHAPE), text);
        }
        return file;
    }

    private static String fingerprint(VectorFile file, String name, Chain one, Chain other) {
        String digits = Fingerprint.of(one.identity(), other.identity()).toString();
        List<Json> chains = new ArrayList<>(
                List.of(VectorFile.strings(one.texts()), VectorFile.strings(other.texts())));
        file.add(name, JsonObject.builder()
                .put("verdict", "VALID")
                .put("chains", JsonArray.of(chains))
                .put("fingerprint", digits));
        return digits;
    }

    private static void text(VectorFile file, String name, Optional<Reason> reason, String text) {
        file.add(name, JsonObject.builder().put("verdict", VectorFile.verdict(reason)).put("text", text));
    }

    private static void same(String one, String other) {
        if (!one.equals(other)) {
            throw new IllegalStateException("a fingerprint changed");
        }
    }

    private static void differ(String one, String other) {
        if (one.equals(other)) {
            throw new IllegalStateException("a fingerprint did not change");
        }
    }
}
