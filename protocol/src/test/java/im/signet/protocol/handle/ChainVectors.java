package im.signet.protocol.handle;

import im.signet.protocol.handle.Operation.Kind;
import im.signet.protocol.handle.Revocation.Why;
import im.signet.protocol.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import static im.signet.protocol.handle.Chain.HOME;
import static im.signet.protocol.handle.Chain.TIME;
import static im.signet.protocol.handle.Chain.keys;
import static im.signet.protocol.handle.Chain.signers;
import static im.signet.protocol.handle.Forge.key;
import static im.signet.protocol.handle.Forge.replace;

/** Chains of identities: each row of the table accepted, and what must be refused. */
final class ChainVectors {
    private static final HandleDomain ELSEWHERE = HandleDomain.of("xn--bcher-kva.example");

    private final VectorFile file = new VectorFile(
            "Chains of operations: docs/spec/handles.md, sections 2 to 4. Each operation "
                    + "is the exact text of its envelope. Refused at the operation number `at`, those before it being valid.");
    private final Chain one = Chain.begin("phone", "r1");
    private final Chain three = Chain.begin("phone", "r1", "r2", "r3");
    private final Chain two = three.with("laptop", "phone");
    private final Chain full = two.with("tablet", "laptop");

    private ChainVectors() {}

    static VectorFile make() {
        ChainVectors vectors = new ChainVectors();
        vectors.rows();
        vectors.freedoms();
        vectors.envelopes();
        vectors.headers();
        vectors.payloads();
        vectors.genesis();
        vectors.order();
        vectors.changes();
        vectors.authority();
        vectors.signatures();
        return vectors.file;
    }

    /** Returns chains too long to be committed: what devices and recovery keys have signed up to their budgets. */
    static VectorFile makeLong() {
        ChainVectors vectors = new ChainVectors();
        vectors.budgets();
        return vectors.file;
    }

    private void rows() {
        valid("genesis", one);
        valid("genesis-three-recovery-keys", three);
        valid("add-by-device", two);
        valid("add-by-recovery-key", one.with("laptop", "r1"));
        valid("add-by-lowest-recovery-key", three.with("laptop", "r3"));
        valid("add-by-junior-device", full);
        valid("revoke-oneself", full.then(id -> id.revoke(set("tablet"), Why.RETIRED, full.time()), "tablet"));
        valid("revoke-oneself-as-most-senior", full.then(id -> id.revoke(set("phone"), Why.RETIRED, full.time()),
                "phone"));
        valid("revoke-junior", full.then(id -> id.revoke(set("laptop"), Why.STOLEN, full.time()), "phone"));
        valid("revoke-two-juniors", full.then(id -> id.revoke(set("laptop", "tablet"), Why.UNTRUSTED, full.time()),
                "phone"));
        valid("revoke-oneself-and-junior", full
                .then(id -> id.revoke(set("laptop", "tablet"), Why.LOST, full.time()), "laptop"));
        valid("revoke-senior-by-recovery-key", full.then(id -> id.revoke(set("phone"), Why.STOLEN, full.time()), "r2"));
        valid("reorder", full.then(id -> id.reorder(keys("tablet", "phone", "laptop"), full.time()), "r1"));
        valid("replace-all-recovery-keys", full
                .then(id -> id.replaceRecovery(keys("r4", "r5", "r6"), Why.STOLEN, full.time()), "r1", "r4", "r5",
                        "r6"));
        valid("replace-recovery-key-by-itself", full
                .then(id -> id.replaceRecovery(keys("r1", "r4", "r3"), Why.LOST, full.time()), "r2", "r4"));
        valid("replace-lower-recovery-key", full
                .then(id -> id.replaceRecovery(keys("r1", "r2", "r4"), Why.LOST, full.time()), "r1", "r4"));
        valid("append-recovery-key", one
                .then(id -> id.replaceRecovery(keys("r1", "r2"), Why.RETIRED, one.time()), "r1", "r2"));
        valid("drop-recovery-key", full
                .then(id -> id.replaceRecovery(keys("r1", "r2"), Why.LOST, full.time()), "r3"));
        valid("drop-first-recovery-key", full
                .then(id -> id.replaceRecovery(keys("r2", "r3"), Why.LOST, full.time()), "r1"));
        valid("reorder-recovery-keys", full
                .then(id -> id.replaceRecovery(keys("r1", "r3", "r2"), Why.RETIRED, full.time()), "r2"));
        valid("recover", full.then(id -> id.recover(keys("new"), Why.STOLEN, full.time()), "r3", "new"));
        valid("recover-keeping-one", full
                .then(id -> id.recover(keys("new", "laptop"), Why.STOLEN, full.time()), "r1", "new"));
        valid("recover-dropping-only", full.then(id -> id.recover(keys("laptop"), Why.STOLEN, full.time()), "r1"));
        String[] sixteen = sixteenDevices();
        String[] seventeen = Arrays.copyOf(sixteen, 17);
        seventeen[16] = "r1";
        valid("recover-with-sixteen-new-devices", full
                .then(id -> id.recover(keys(sixteen), Why.STOLEN, full.time()), seventeen));
        valid("change-home", full.then(id -> id.changeHome(ELSEWHERE, full.time()), "r3"));
        valid("deactivate", full.then(id -> id.deactivate(full.time()), "r3"));
        valid("stolen-laptop", stolenLaptop());
    }

    /** A thief adds a device and evicts a junior; the senior device throws both out; then everything is set anew. */
    private Chain stolenLaptop() {
        Chain chain = full.with("thief", "laptop");
        chain = chain.then(step(chain, (id, time) -> id.revoke(set("tablet"), Why.LOST, time)), "laptop");
        chain = chain.then(step(chain, (id, time) -> id.revoke(set("laptop", "thief"), Why.STOLEN, time)), "phone");
        chain = chain.with("laptop2", "phone");
        chain = chain.then(step(chain, (id, time) -> id.reorder(keys("laptop2", "phone"), time)), "r2");
        chain = chain.then(step(chain, (id, time) -> id.replaceRecovery(keys("r1", "r4", "r3"), Why.LOST, time)), "r1",
                "r4");
        chain = chain.then(step(chain, (id, time) -> id.recover(keys("watch", "phone"), Why.UNTRUSTED, time)), "r4",
                "watch");
        chain = chain.then(step(chain, (id, time) -> id.changeHome(ELSEWHERE, time)), "r3");
        return chain.then(step(chain, (id, time) -> id.deactivate(time)), "r1");
    }

    private static Function<Identity, Operation> step(Chain chain, Step step) {
        return id -> step.next(id, chain.time());
    }

    @FunctionalInterface
    private interface Step {
        Operation next(Identity identity, long time);
    }

    /** What may differ and means the same. */
    private void freedoms() {
        Jws add = two.last();
        String text = add.toText();
        String payload = Forge.payload(add);
        valid("signatures-in-another-order", three.then(two.identity()
                .at(0)
                .orElseThrow()
                .addDevice(key("laptop").key(), TIME + 60)
                .sign(key("laptop"), key("phone"))));
        accepted("envelope-with-blanks-and-other-order", three, "{ \"signatures\" :\n" + text.substring(
                text.indexOf('['), text.length() - 1) + " ,\t\"payload\": \"" + Base64Url.encode(add.payload())
                + "\" }");
        accepted("payload-with-blanks", three, Forge.resign(add, p -> p.replace(",", " ,\r\n\t"), signers("phone",
                "laptop")));
        accepted("payload-with-escapes", three, Forge.resign(add, p -> p.replace("\"seq\"", "\"\\u0073eq\"")
                .replace("example.org", "ex\\u0061mple.org"), signers("phone", "laptop")));
        String tail = payload.substring(payload.indexOf("\"epoch\""), payload.length() - 1);
        accepted("payload-in-another-order", three, Forge.resign(add,
                p -> "{" + tail + "," + p.substring(1, p.indexOf(",\"epoch\"")) + "}", signers("phone", "laptop")));
        accepted("header-in-another-order", three, Forge.sign(add.payload(), List.of(
                new Forge.Part("{ \"kid\":\"" + key("phone").key().thumbprint()
                        + "\", \"typ\":\"signet-identity+jws\",\n\"alg\":\"Ed2551\\u0039\"}", key("phone")),
                new Forge.Part(Forge.header("signet-identity+jws", key("laptop")), key("laptop")))));
        accepted("iat-before-the-operation-before", three, Forge.resign(add, p -> p.replace("1790000060", "0"),
                signers("phone", "laptop")));
        accepted("iat-as-large-as-may-be", three, Forge.resign(add, p -> p.replace("1790000060", "9007199254740991"),
                signers("phone", "laptop")));
        Jws genesis = one.last();
        accepted("blanks-around-the-payload", Forge.resign(genesis, p -> " " + p + "\n", signers("phone", "r1")));
    }

    private void envelopes() {
        Jws genesis = one.last();
        String text = genesis.toText();
        String encoded = Base64Url.encode(genesis.payload());
        first("envelope-empty", Reason.ENVELOPE_NOT_STRICT_JSON, "");
        first("envelope-cut-off", Reason.ENVELOPE_NOT_STRICT_JSON, text.substring(0, text.length() - 1));
        first("envelope-followed-by-more", Reason.ENVELOPE_NOT_STRICT_JSON, text + "{}");
        first("envelope-with-byte-order-mark", Reason.ENVELOPE_NOT_STRICT_JSON, "\uFEFF" + text);
        first("envelope-member-twice", Reason.ENVELOPE_NOT_STRICT_JSON,
                replace(text, "{", "{\"payload\":\"" + encoded + "\","));
        first("envelope-member-twice-by-escape", Reason.ENVELOPE_NOT_STRICT_JSON,
                replace(text, "{", "{\"p\\u0061yload\":\"" + encoded + "\","));
        first("envelope-trailing-comma", Reason.ENVELOPE_NOT_STRICT_JSON, replace(text, "]}", "],}"));
        first("envelope-single-quotes", Reason.ENVELOPE_NOT_STRICT_JSON, text.replace('"', '\''));
        first("envelope-nested-too-deep", Reason.ENVELOPE_NOT_STRICT_JSON, "[".repeat(9) + "]".repeat(9));
        first("envelope-of-an-array", Reason.ENVELOPE_SHAPE, "[" + text + "]");
        first("envelope-of-null", Reason.ENVELOPE_SHAPE, "null");
        first("envelope-flattened", Reason.ENVELOPE_SHAPE, "{\"payload\":\"" + encoded + "\","
                + text.substring(text.indexOf("\"protected\""), text.indexOf("},")) + "}");
        first("envelope-compact", Reason.ENVELOPE_NOT_STRICT_JSON, "e30." + encoded + ".AA");
        first("envelope-with-another-member", Reason.ENVELOPE_SHAPE, replace(text, "{", "{\"ext\":{},"));
        first("envelope-without-payload", Reason.ENVELOPE_SHAPE, replace(text, "\"payload\"", "\"payloads\""));
        first("envelope-payload-of-null", Reason.ENVELOPE_SHAPE, replace(text, "\"" + encoded + "\"", "null"));
        first("envelope-payload-not-a-string", Reason.ENVELOPE_SHAPE, replace(text, "\"" + encoded + "\"", "1"));
        first("envelope-signatures-not-an-array", Reason.ENVELOPE_SHAPE,
                text.substring(0, text.indexOf('[')) + "{}}");
        first("signature-with-unprotected-header", Reason.ENVELOPE_SHAPE,
                replace(text, "{\"protected\"", "{\"header\":{},\"protected\""));
        first("signature-of-null", Reason.ENVELOPE_SHAPE, replace(text, "[", "[null,"));
        first("no-signatures", Reason.SIGNATURE_COUNT, text.substring(0, text.indexOf('[')) + "[]}");
        String part = text.substring(text.indexOf('[') + 1, text.indexOf("},") + 1);
        first("twenty-one-signatures", Reason.SIGNATURE_COUNT, "{\"payload\":\"" + encoded + "\",\"signatures\":["
                + String.join(",", Collections.nCopies(21, part)) + "]}");
        first("envelope-too-large", Reason.ENVELOPE_TOO_LARGE, text + " ".repeat(Jws.MAX_TEXT_BYTES));
        first("payload-empty", Reason.NOT_BASE64URL, replace(text, encoded, ""));
        String spare = Forge.resign(genesis, p -> p + " ".repeat((3 - p.length() % 3) % 3 + 1), signers("phone", "r1"));
        String twoMore = spare.substring(spare.indexOf(':') + 2, spare.indexOf("\","));
        first("payload-trailing-bits", Reason.NOT_BASE64URL, replace(spare, twoMore, spareBits(twoMore)));
        first("payload-padded", Reason.NOT_BASE64URL, replace(text, encoded, pad(encoded)));
        first("payload-with-newline", Reason.NOT_BASE64URL, replace(text, encoded, encoded + "\\n"));
        first("payload-with-blank", Reason.NOT_BASE64URL, replace(text, encoded, " " + encoded));
        first("payload-with-exclamation-mark", Reason.NOT_BASE64URL, replace(text, encoded, encoded + "!"));
        String signature = text.substring(text.indexOf("\"signature\":\"") + 13, text.indexOf("\"}"));
        first("signature-trailing-bits", Reason.NOT_BASE64URL, replace(text, signature, spareBits(signature)));
        first("signature-padded", Reason.NOT_BASE64URL, replace(text, signature, signature + "=="));
        first("signature-in-the-standard-alphabet", Reason.NOT_BASE64URL, replace(text, signature,
                "+/" + signature.substring(2)));
        first("signature-empty", Reason.NOT_BASE64URL, replace(text, signature, ""));
        first("signature-of-63-bytes", Reason.SIGNATURE_LENGTH, replace(text, signature, signature.substring(0, 84)));
        byte[] longer = Arrays.copyOf(Base64Url.decode(signature).orElseThrow(), 65);
        first("signature-of-65-bytes", Reason.SIGNATURE_LENGTH, replace(text, signature, Base64Url.encode(longer)));
        String header = Base64Url
                .encode(Forge.header("signet-identity+jws", key("phone")).getBytes(StandardCharsets.UTF_8));
        first("header-padded", Reason.NOT_BASE64URL, replace(text, header, pad(header)));
        first("header-empty", Reason.NOT_BASE64URL, replace(text, header, ""));
    }

    private void headers() {
        String kid = key("phone").key().thumbprint().value();
        String good = Forge.header("signet-identity+jws", key("phone"));
        header("header-not-json", Reason.HEADER_NOT_STRICT_JSON, good.substring(1));
        header("header-with-alg-twice", Reason.HEADER_NOT_STRICT_JSON, replace(good, "{", "{\"alg\":\"none\","));
        header("header-with-kid-twice-by-escape", Reason.HEADER_NOT_STRICT_JSON,
                replace(good, "{", "{\"k\\u0069d\":\"" + key("r1").key().thumbprint() + "\","));
        header("header-of-an-array", Reason.HEADER_SHAPE, "[" + good + "]");
        header("header-without-kid", Reason.HEADER_SHAPE, good.substring(0, good.indexOf(",\"kid\"")) + "}");
        header("header-without-typ", Reason.HEADER_SHAPE, "{\"alg\":\"Ed25519\",\"kid\":\"" + kid + "\"}");
        header("header-with-crit", Reason.HEADER_SHAPE, replace(good, "{", "{\"crit\":[\"exp\"],"));
        header("header-with-b64", Reason.HEADER_SHAPE, replace(good, "{", "{\"b64\":false,"));
        header("header-with-jwk", Reason.HEADER_SHAPE,
                replace(good, "{", "{\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + key("phone").key().x()
                        + "\"},"));
        header("header-kid-of-null", Reason.HEADER_SHAPE, replace(good, "\"" + kid + "\"", "null"));
        header("alg-none", Reason.WRONG_ALG, replace(good, "Ed25519", "none"));
        header("alg-eddsa", Reason.WRONG_ALG, replace(good, "Ed25519", "EdDSA"));
        header("alg-in-lower-case", Reason.WRONG_ALG, replace(good, "Ed25519", "ed25519"));
        header("alg-hs256", Reason.WRONG_ALG, replace(good, "Ed25519", "HS256"));
        header("typ-unknown", Reason.WRONG_TYP, replace(good, "signet-identity+jws", "JWT"));
        header("typ-with-application", Reason.WRONG_TYP, replace(good, "signet-", "application/signet-"));
        header("typ-in-upper-case", Reason.WRONG_TYP, replace(good, "identity+jws", "identity+JWS"));
        header("typ-of-a-binding", Reason.WRONG_TYP, replace(good, "identity", "binding"));
        header("kid-too-short", Reason.MALFORMED_KID, replace(good, kid, kid.substring(1)));
        header("kid-with-trailing-bits", Reason.MALFORMED_KID, replace(good, kid, spareBits(kid)));
        header("kid-padded", Reason.MALFORMED_KID, replace(good, kid, kid + "="));
        header("kid-in-the-standard-alphabet", Reason.MALFORMED_KID, replace(good, kid, "+" + kid.substring(1)));
        header("kid-empty", Reason.MALFORMED_KID, replace(good, kid, ""));
        byte[] payload = one.last().payload();
        first("every-typ-of-a-binding", Reason.WRONG_TYP,
                Forge.sign("signet-binding+jws", payload, signers("phone", "r1")));
        first("every-typ-of-a-status", Reason.WRONG_TYP,
                Forge.sign("signet-status+jws", payload, signers("phone", "r1")));
        first("every-typ-of-a-proof", Reason.WRONG_TYP,
                Forge.sign("signet-pop+jws", payload, signers("phone", "r1")));
        first("same-kid-twice", Reason.DUPLICATE_KID,
                Forge.sign("signet-identity+jws", payload, signers("phone", "r1", "phone")));
        first("x-in-place-of-kid", Reason.UNKNOWN_SIGNER, Forge.sign(payload, List.of(
                new Forge.Part(replace(good, kid, key("phone").key().x()), key("phone")),
                new Forge.Part(Forge.header("signet-identity+jws", key("r1")), key("r1")))));
    }

    private void header(String name, Reason reason, String header) {
        first(name, reason, Forge.sign(one.last().payload(), List.of(new Forge.Part(header, key("phone")),
                new Forge.Part(Forge.header("signet-identity+jws", key("r1")), key("r1")))));
    }

    private void payloads() {
        payload("payload-not-json", Reason.PAYLOAD_NOT_STRICT_JSON, p -> p.substring(1));
        payload("payload-of-an-array", Reason.PAYLOAD_NOT_STRICT_JSON, p -> "[" + p + "]");
        payload("payload-followed-by-more", Reason.PAYLOAD_NOT_STRICT_JSON, p -> p + "1");
        payload("payload-with-byte-order-mark", Reason.PAYLOAD_NOT_STRICT_JSON, p -> "\uFEFF" + p);
        payload("payload-member-twice", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "{", "{\"seq\":0,"));
        payload("payload-member-twice-by-escape", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "{", "{\"\\u0073\\u0065\\u0071\":0,"));
        payload("payload-member-twice-with-the-same-value", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "\"seq\":0", "\"seq\":0,\"seq\":0"));
        payload("payload-comment", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "{", "{/**/"));
        payload("payload-lone-surrogate", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "example.org", "example\\ud800.org"));
        payload("payload-unknown-escape", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "example", "ex\\x61mple"));
        payload("payload-control-character", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "example", "exam\tple"));
        payload("payload-number-beyond-a-double", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "1790000000", "1e400"));
        payload("payload-number-with-leading-zero", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "\"seq\":0", "\"seq\":00"));
        payload("payload-number-with-plus", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "\"seq\":0", "\"seq\":+0"));
        payload("payload-with-form-feed", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "{", "{\f"));
        payload("payload-with-no-break-space", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "{", "{\u00a0"));
        payload("payload-followed-by-nul", Reason.PAYLOAD_NOT_STRICT_JSON, p -> p + "\u0000");
        payload("payload-of-words-in-upper-case", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "1790000000", "True"));
        payload("payload-number-not-a-number", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "1790000000", "NaN"));
        payload("payload-number-too-small-for-a-double", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "1790000000", "1e-400"));
        payload("payload-two-dots-in-a-number", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "1790000000", "1.7.9"));
        payload("payload-in-hexadecimal", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "\"seq\":0", "\"seq\":0x0"));
        first("payload-not-utf-8", Reason.PAYLOAD_NOT_STRICT_JSON, Forge.sign("signet-identity+jws",
                latin1(replace(Forge.payload(one.last()), "example", "ex\u00e4mple")), signers("phone", "r1")));
        first("payload-overlong-utf-8", Reason.PAYLOAD_NOT_STRICT_JSON, Forge.sign("signet-identity+jws",
                latin1(replace(Forge.payload(one.last()), "example", "ex\u00c1\u00a1mple")), signers("phone", "r1")));
        payload("payload-of-deep-nesting", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "\"revoked\":[]", "\"revoked\":" + "[".repeat(8) + "]".repeat(8)));
        payload("payload-of-the-deepest-nesting", Reason.MALFORMED_MEMBER,
                p -> replace(p, "\"revoked\":[]", "\"revoked\":" + "[".repeat(7) + "]".repeat(7)));
        payload("payload-too-large", Reason.PAYLOAD_TOO_LARGE, p -> p + " ".repeat(8193 - p.length()));
        accepted("payload-as-large-as-may-be", Forge.resign(one.last(), p -> p + " ".repeat(8192 - p.length()),
                signers("phone", "r1")));
        payload("payload-with-null", Reason.NULL_VALUE, p -> replace(p, "1790000000", "null"));
        payload("payload-with-null-in-an-unknown-member", Reason.NULL_VALUE, p -> replace(p, "{", "{\"x\":[null],"));
        payload("seq-with-fraction", Reason.NOT_AN_INTEGER, p -> replace(p, "\"seq\":0", "\"seq\":0.0"));
        payload("seq-with-exponent", Reason.NOT_AN_INTEGER, p -> replace(p, "\"seq\":0", "\"seq\":0e0"));
        payload("iat-with-exponent", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "179e7"));
        payload("iat-with-capital-exponent", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "179E+7"));
        payload("iat-as-a-float", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "1790000000.5"));
        payload("seq-of-minus-zero", Reason.NOT_AN_INTEGER, p -> replace(p, "\"seq\":0", "\"seq\":-0"));
        payload("iat-beyond-2-to-the-53", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "9007199254740992"));
        payload("iat-of-many-digits", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "1" + "0".repeat(40)));
        payload("iat-below-minus-2-to-the-53", Reason.NOT_AN_INTEGER,
                p -> replace(p, "1790000000", "-9007199254740992"));
        payload("iat-of-minus-zero-with-fraction", Reason.NOT_AN_INTEGER, p -> replace(p, "1790000000", "-0.0"));
        payload("seq-as-a-float-beyond-long", Reason.NOT_AN_INTEGER,
                p -> replace(p, "1790000000", "179000000000000000000000000000000000000.0"));
        payload("iat-negative", Reason.MALFORMED_MEMBER, p -> replace(p, "1790000000", "-1"));
        payload("iat-as-a-string", Reason.MALFORMED_MEMBER, p -> replace(p, "1790000000", "\"1790000000\""));
        payload("iat-as-true", Reason.MALFORMED_MEMBER, p -> replace(p, "1790000000", "true"));
        payload("t-missing", Reason.WRONG_T, p -> replace(p, "\"t\":\"signet.identity.v1\",", ""));
        payload("t-of-a-binding", Reason.WRONG_T, p -> replace(p, "signet.identity.v1", "signet.binding.v1"));
        payload("t-of-version-2", Reason.WRONG_T, p -> replace(p, "signet.identity.v1", "signet.identity.v2"));
        payload("t-not-a-string", Reason.WRONG_T, p -> replace(p, "\"signet.identity.v1\"", "1"));
        payload("op-missing", Reason.WRONG_OP, p -> replace(p, "\"op\":\"genesis\",", ""));
        payload("op-unknown", Reason.WRONG_OP, p -> replace(p, "genesis", "rotate"));
        payload("op-in-upper-case", Reason.WRONG_OP, p -> replace(p, "genesis", "GENESIS"));
        payload("member-unknown", Reason.UNEXPECTED_MEMBER, p -> replace(p, "{", "{\"name\":\"phone\","));
        payload("member-of-a-prototype", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "{", "{\"__proto__\":{\"op\":\"recover\"},"));
        payload("member-without-a-name", Reason.UNEXPECTED_MEMBER, p -> replace(p, "{", "{\"\":1,"));
        payload("member-in-upper-case", Reason.UNEXPECTED_MEMBER, p -> replace(p, "\"home\"", "\"Home\""));
        payload("op-of-a-prototype", Reason.WRONG_OP, p -> replace(p, "genesis", "constructor"));
        payload("ext-in-an-operation", Reason.UNEXPECTED_MEMBER, p -> replace(p, "{", "{\"ext\":{},"));
        payload("id-in-genesis", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "{", "{\"id\":\"" + one.identity().id() + "\","));
        payload("prev-in-genesis", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "{", "{\"prev\":\"" + one.identity().head() + "\","));
        payload("home-missing", Reason.MISSING_MEMBER, p -> replace(p, "\"home\":\"example.org\",", ""));
        payload("rnd-missing", Reason.MISSING_MEMBER, p -> replace(p, "\"rnd\"", "\"revoked\"")
                .replace(",\"revoked\":[]", ""));
        payload("revoked-missing", Reason.MISSING_MEMBER, p -> replace(p, ",\"revoked\":[]", ""));
        payload("home-in-upper-case", Reason.MALFORMED_MEMBER, p -> replace(p, "example.org", "Example.org"));
        payload("home-of-one-label", Reason.MALFORMED_MEMBER, p -> replace(p, "example.org", "localhost"));
        payload("home-with-port", Reason.MALFORMED_MEMBER, p -> replace(p, "example.org", "example.org:443"));
        payload("rnd-of-15-bytes", Reason.MALFORMED_MEMBER, p -> p.replaceAll("\"rnd\":\"..", "\"rnd\":\""));
        payload("rnd-with-trailing-bits", Reason.MALFORMED_MEMBER,
                p -> p.replaceAll("(\"rnd\":\"[^\"]*)[^\"]\"", "$1_\""));
        payload("recovery-not-an-array", Reason.MALFORMED_MEMBER,
                p -> replace(p, "[\"" + key("r1").key().x() + "\"]", "\"" + key("r1").key().x() + "\""));
        payload("device-as-a-jwk", Reason.MALFORMED_MEMBER, p -> replace(p, "\"" + key("phone").key().x() + "\"",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + key("phone").key().x() + "\"}"));
        payload("key-with-trailing-bits", Reason.MALFORMED_MEMBER,
                p -> replace(p, key("phone").key().x(), spareBits(key("phone").key().x())));
        payload("key-padded", Reason.MALFORMED_MEMBER,
                p -> replace(p, key("phone").key().x(), key("phone").key().x() + "="));
        payload("key-of-31-bytes", Reason.MALFORMED_MEMBER,
                p -> replace(p, key("phone").key().x(), Base64Url.encode(new byte[31])));
        for (String point : SignatureVectors.SMALL_ORDER) {
            payload("device-of-small-order-" + point.substring(0, 4) + point.substring(60), Reason.WEAK_KEY,
                    p -> replace(p, key("phone").key().x(), x(point)));
        }
        payload("recovery-key-of-small-order", Reason.WEAK_KEY,
                p -> replace(p, key("r1").key().x(), x(SignatureVectors.SMALL_ORDER.get(4))));
        payload("key-not-on-the-curve", Reason.WEAK_KEY,
                p -> replace(p, key("phone").key().x(), x("02" + "00".repeat(31))));
        payload("no-recovery-keys", Reason.RECOVERY_COUNT,
                p -> replace(p, "\"" + key("r1").key().x() + "\"", ""));
        payload("four-recovery-keys", Reason.RECOVERY_COUNT, p -> replace(p, "\"" + key("r1").key().x() + "\"",
                quoted("r1", "r2", "r3", "r4")));
        payload("no-devices", Reason.DEVICE_COUNT, p -> replace(p, "\"" + key("phone").key().x() + "\"", ""));
        payload("two-devices-at-genesis", Reason.DEVICE_COUNT,
                p -> replace(p, "\"" + key("phone").key().x() + "\"", quoted("phone", "laptop")));
        payload("device-is-recovery-key", Reason.DUPLICATE_KEY,
                p -> replace(p, key("phone").key().x(), key("r1").key().x()));
        payload("recovery-key-twice", Reason.DUPLICATE_KEY,
                p -> replace(p, "\"" + key("r1").key().x() + "\"", quoted("r1", "r1")));
        payload("revoked-not-an-object", Reason.MALFORMED_MEMBER,
                p -> replace(p, "\"revoked\":[]", "\"revoked\":[\"" + key("r1").key().thumbprint() + "\"]"));
        payload("revoked-with-another-member", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "\"revoked\":[]", "\"revoked\":[{\"x\":1}]"));
        payload("revoked-without-why", Reason.MISSING_MEMBER, p -> replace(p, "\"revoked\":[]",
                "\"revoked\":[{\"kid\":\"" + key("r1").key().thumbprint() + "\"}]"));
        payload("revoked-for-an-unknown-reason", Reason.MALFORMED_MEMBER, p -> replace(p, "\"revoked\":[]",
                "\"revoked\":[{\"kid\":\"" + key("r1").key().thumbprint() + "\",\"why\":\"sold\"}]"));
        payload("revoked-of-seventeen", Reason.MALFORMED_MEMBER, p -> replace(p, "\"revoked\":[]", "\"revoked\":["
                + String.join(",", Collections.nCopies(17,
                        "{\"kid\":\"" + key("r1").key().thumbprint() + "\",\"why\":\"lost\"}"))
                + "]"));
        String[] many = Arrays.copyOf(sixteenDevices(), 17);
        many[16] = "seventeenth";
        later("seventeen-devices", Reason.DEVICE_COUNT, two, p -> p.replaceAll("\"devices\":\\[[^]]*]",
                "\"devices\":[" + quoted(many) + "]"), "phone", "laptop");
        later("rnd-in-an-update", Reason.UNEXPECTED_MEMBER, two,
                p -> replace(p, "{", "{\"rnd\":\"" + Forge.rnd("x").value() + "\","), "phone", "laptop");
        later("id-missing", Reason.MISSING_MEMBER, two, p -> p.replaceAll("\"id\":\"[^\"]*\",", ""), "phone", "laptop");
        later("id-in-upper-case", Reason.MALFORMED_MEMBER, two,
                p -> replace(p, three.identity().id().value(), "N1" + three.identity().id().value().substring(2)),
                "phone", "laptop");
        later("id-with-trailing-bits", Reason.MALFORMED_MEMBER, two,
                p -> replace(p, three.identity().id().value(), base32SpareBits(three.identity().id().value())),
                "phone", "laptop");
        later("prev-missing", Reason.MISSING_MEMBER, two, p -> p.replaceAll("\"prev\":\"[^\"]*\",", ""), "phone",
                "laptop");
        later("prev-with-trailing-bits", Reason.MALFORMED_MEMBER, two,
                p -> replace(p, three.identity().head().value(), spareBits(three.identity().head().value())), "phone",
                "laptop");
    }

    private void genesis() {
        invalid("no-operations", Reason.EMPTY_CHAIN, 0, List.of());
        invalid("update-without-genesis", Reason.NOT_GENESIS, 0, List.of(two.last().toText()));
        payload("genesis-with-seq-1", Reason.WRONG_SEQ, p -> replace(p, "\"seq\":0", "\"seq\":1"));
        payload("genesis-with-epoch-1", Reason.WRONG_EPOCH, p -> replace(p, "\"epoch\":0", "\"epoch\":1"));
        payload("genesis-that-revokes", Reason.WRONG_REVOKED, p -> replace(p, "\"revoked\":[]",
                "\"revoked\":[{\"kid\":\"" + key("r2").key().thumbprint() + "\",\"why\":\"lost\"}]"));
        Operation genesis = Operation.read(three.operations().get(0)).orElseThrow();
        first("genesis-without-a-recovery-key", Reason.MISSING_SIGNATURE,
                genesis.sign(signers("phone", "r1", "r2")).toText());
        first("genesis-without-its-device", Reason.MISSING_SIGNATURE,
                genesis.sign(signers("r1", "r2", "r3")).toText());
        first("genesis-signed-by-a-stranger-too", Reason.UNKNOWN_SIGNER,
                genesis.sign(signers("phone", "r1", "r2", "r3", "mallory")).toText());
        String[] twenty = new String[20];
        for (int i = 0; i < twenty.length; i++) {
            twenty[i] = i == 0 ? "phone" : "r" + i;
        }
        first("genesis-with-twenty-signatures", Reason.UNKNOWN_SIGNER, genesis.sign(signers(twenty)).toText());
        first("genesis-with-a-strangers-recovery-key", Reason.BAD_SIGNATURE, Forge.sign(
                three.operations().get(0).payload(), List.of(
                        new Forge.Part(Forge.header("signet-identity+jws", key("phone")), key("phone")),
                        new Forge.Part(Forge.header("signet-identity+jws", key("r1")), key("r1")),
                        new Forge.Part(Forge.header("signet-identity+jws", key("r2")), key("r2")),
                        new Forge.Part(Forge.header("signet-identity+jws", key("r3")), key("mallory")))));
        invalid("second-genesis", Reason.SECOND_GENESIS, 1, both(one, three.operations().get(0)));
        invalid("same-genesis-again", Reason.SECOND_GENESIS, 1, both(one, one.last()));
    }

    private void order() {
        Jws add = two.last();
        later("seq-too-low", Reason.WRONG_SEQ, two, p -> replace(p, "\"seq\":1", "\"seq\":0"), "phone", "laptop");
        later("seq-too-high", Reason.WRONG_SEQ, two, p -> replace(p, "\"seq\":1", "\"seq\":2"), "phone", "laptop");
        invalid("same-operation-again", Reason.WRONG_SEQ, 2, both(two, add));
        invalid("operation-left-out", Reason.WRONG_SEQ, 1, both(three, full.last()));
        Chain fork = three.with("tablet", "phone");
        Jws onTheOtherBranch = fork.jws(id -> id.revoke(set("tablet"), Why.LOST, 1), "phone");
        invalid("fork", Reason.WRONG_PREV, 2, both(two, onTheOtherBranch));
        invalid("fork-at-the-same-seq", Reason.WRONG_SEQ, 2, both(two, fork.last()));
        later("prev-of-the-id", Reason.WRONG_PREV, two, p -> replace(p, three.identity().head().value(),
                Base64Url.encode(three.identity().id().hash())), "phone", "laptop");
        Chain other = Chain.begin("phone", "r3", "r2", "r1");
        invalid("operation-of-another-identity", Reason.WRONG_ID, 1, both(other, add));
        Chain ended = two.then(id -> id.deactivate(5), "r1");
        invalid("add-after-deactivation", Reason.DEACTIVATED, 3,
                both(ended, following(ended, Kind.UPDATE, HOME, ended.identity().recovery(),
                        keys("phone", "laptop", "tablet"), 0, List.of(), "phone", "tablet")));
        invalid("recover-after-deactivation", Reason.DEACTIVATED, 3,
                both(ended, following(ended, Kind.RECOVER, HOME, ended.identity().recovery(), keys("tablet"), 1,
                        revoked("phone", "laptop"), "r1", "tablet")));
        invalid("deactivate-twice", Reason.DEACTIVATED, 3, both(ended, ended.jws(id -> id.deactivate(6), "r1")));
    }

    private void changes() {
        List<JwsKey> recovery = full.identity().recovery();
        List<JwsKey> devices = full.identity().devices();
        refuse("update-of-nothing", Reason.NO_CHANGE, Kind.UPDATE, HOME, recovery, devices, 0, "phone");
        refuse("update-of-nothing-by-recovery-key", Reason.NO_CHANGE, Kind.UPDATE, HOME, recovery, devices, 0, "r1");
        refuse("recover-of-nothing", Reason.NO_CHANGE, Kind.RECOVER, HOME, recovery, devices, 1, "r1");
        refuse("home-and-device", Reason.MIXED_CHANGES, Kind.UPDATE, ELSEWHERE, recovery,
                keys("phone", "laptop", "tablet", "new"), 0, "r1", "new");
        refuse("home-and-recovery-keys", Reason.MIXED_CHANGES, Kind.UPDATE, ELSEWHERE, keys("r1", "r2", "r4"), devices,
                1,
                "r1", "r4");
        refuse("devices-and-recovery-keys", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, keys("r1", "r2", "r4"),
                keys("phone", "laptop", "tablet", "new"), 1, "r1", "r4", "new");
        refuse("two-devices-at-once", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("phone", "laptop", "tablet", "new", "newer"), 0, "phone", "new", "newer");
        refuse("device-not-at-the-end", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("new", "phone", "laptop", "tablet"), 0, "phone", "new");
        refuse("device-not-at-the-end-by-recovery-key", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("phone", "new", "laptop", "tablet"), 0, "r1", "new");
        refuse("device-added-and-order-changed", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("laptop", "phone", "tablet", "new"), 0, "r1", "new");
        refuse("device-replaced", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("phone", "laptop", "new"), 0, "phone", "new");
        refuse("device-revoked-and-order-changed", Reason.MIXED_CHANGES, Kind.UPDATE, HOME, recovery,
                keys("laptop", "phone"), 0, "r1");
        refuse("recover-with-home", Reason.MIXED_CHANGES, Kind.RECOVER, ELSEWHERE, recovery, keys("new"), 1, "r1",
                "new");
        refuse("recover-with-recovery-keys", Reason.MIXED_CHANGES, Kind.RECOVER, HOME, keys("r1", "r2"), keys("new"), 1,
                "r1", "new");
        refuse("recover-of-home-alone", Reason.MIXED_CHANGES, Kind.RECOVER, ELSEWHERE, recovery, devices, 1, "r1");
        refuse("deactivate-with-devices", Reason.MIXED_CHANGES, Kind.DEACTIVATE, HOME, recovery, keys("phone"), 0,
                "r1");
        refuse("deactivate-with-home", Reason.MIXED_CHANGES, Kind.DEACTIVATE, ELSEWHERE, recovery, devices, 0, "r1");

        Chain without = full.then(id -> id.revoke(set("tablet"), Why.LOST, 1), "phone");
        invalid("revoked-device-comes-back", Reason.KEY_REUSED, 4,
                both(without, without.jws(id -> id.addDevice(key("tablet").key(), 2), "phone", "tablet")));
        invalid("revoked-device-comes-back-by-recovery", Reason.KEY_REUSED, 4,
                both(without, without.jws(id -> id.recover(keys("tablet"), Why.LOST, 2), "r1", "tablet")));
        invalid("revoked-device-becomes-recovery-key", Reason.KEY_REUSED, 4, both(without, without
                .jws(id -> id.replaceRecovery(keys("r1", "r2", "tablet"), Why.LOST, 2), "r1", "tablet")));
        Chain replaced = full.then(id -> id.replaceRecovery(keys("r1", "r2", "r4"), Why.LOST, 1), "r1", "r4");
        invalid("replaced-recovery-key-comes-back", Reason.KEY_REUSED, 4, both(replaced, replaced
                .jws(id -> id.replaceRecovery(keys("r1", "r2", "r3"), Why.LOST, 2), "r1", "r3")));
        invalid("replaced-recovery-key-becomes-device", Reason.KEY_REUSED, 4,
                both(replaced, replaced.jws(id -> id.addDevice(key("r3").key(), 2), "r1", "r3")));
        invalid("only-device-revokes-itself", Reason.DEVICE_COUNT, 1, both(one, Forge.resign(
                one.jws(id -> id.changeHome(ELSEWHERE, 1), "r1"), p -> replace(replace(replace(p, ELSEWHERE.value(),
                        HOME.value()), "\"" + key("phone").key().x() + "\"", ""), "\"revoked\":[]",
                        "\"revoked\":[{\"kid\":\""
                                + key("phone").key().thumbprint() + "\",\"why\":\"lost\"}]"),
                signers("phone"))));
        invalid("recovery-key-as-device", Reason.DUPLICATE_KEY, 3, both(full, Forge.resign(
                full.jws(id -> id.addDevice(key("new").key(), 2), "phone", "new"),
                p -> replace(p, key("new").key().x(), key("r1").key().x()), signers("phone", "r1"))));

        Chain four = full.with("watch", "phone");
        invalid("revoked-lists-nothing", Reason.WRONG_REVOKED, 3,
                both(full, following(full, Kind.UPDATE, HOME, recovery,
                        keys("phone", "laptop"), 0, List.of(), "phone")));
        invalid("revoked-lists-another-device", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.UPDATE, HOME,
                recovery, keys("phone", "laptop"), 0, revoked("laptop"), "phone")));
        invalid("revoked-lists-one-too-many", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.UPDATE, HOME,
                recovery, keys("phone", "laptop"), 0, revoked("tablet", "laptop"), "phone")));
        invalid("revoked-lists-twice", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.UPDATE, HOME, recovery,
                keys("phone", "laptop"), 0, revoked("tablet", "tablet"), "phone")));
        invalid("revoked-in-another-order", Reason.WRONG_REVOKED, 4, both(four, following(four, Kind.UPDATE, HOME,
                recovery, keys("phone", "laptop"), 0, revoked("watch", "tablet"), "phone")));
        invalid("revoked-lists-what-stays", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.UPDATE, HOME,
                recovery, keys("phone", "laptop", "tablet", "new"), 0, revoked("tablet"), "phone", "new")));
        invalid("replaced-recovery-key-not-revoked", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.UPDATE,
                HOME, keys("r1", "r2", "r4"), devices, 1, List.of(), "r1", "r4")));
        invalid("recover-without-revoked", Reason.WRONG_REVOKED, 3, both(full, following(full, Kind.RECOVER, HOME,
                recovery, keys("new"), 1, List.of(), "r1", "new")));

        refuse("add-with-new-epoch", Reason.WRONG_EPOCH, Kind.UPDATE, HOME, recovery,
                keys("phone", "laptop", "tablet", "new"), 1, "phone", "new");
        refuse("reorder-with-new-epoch", Reason.WRONG_EPOCH, Kind.UPDATE, HOME, recovery,
                keys("laptop", "phone", "tablet"), 1, "r1");
        refuse("deactivate-with-new-epoch", Reason.WRONG_EPOCH, Kind.DEACTIVATE, HOME, recovery, devices, 1, "r1");
        invalid("recover-without-new-epoch", Reason.WRONG_EPOCH, 3, both(full, following(full, Kind.RECOVER, HOME,
                recovery, keys("new"), 0, revoked("phone", "laptop", "tablet"), "r1", "new")));
        invalid("recover-two-epochs-on", Reason.WRONG_EPOCH, 3, both(full, following(full, Kind.RECOVER, HOME,
                recovery, keys("new"), 2, revoked("phone", "laptop", "tablet"), "r1", "new")));
        invalid("replace-recovery-keys-without-new-epoch", Reason.WRONG_EPOCH, 3, both(full, following(full,
                Kind.UPDATE, HOME, keys("r1", "r2", "r4"), devices, 0, revoked("r3"), "r1", "r4")));
    }

    private void authority() {
        refuse("add-without-the-new-device", Reason.MISSING_SIGNATURE, add("new"), "phone");
        refuse("add-by-the-new-device-alone", Reason.NO_AUTHORITY, add("new"), "new");
        refuse("add-by-a-stranger", Reason.UNKNOWN_SIGNER, add("new"), "mallory", "new");
        refuse("add-by-two-devices", Reason.SUPERFLUOUS_SIGNATURE, add("new"), "phone", "laptop", "new");
        refuse("add-by-device-and-recovery-key", Reason.SUPERFLUOUS_SIGNATURE, add("new"), "phone", "r1", "new");
        Chain without = full.then(id -> id.revoke(set("laptop"), Why.STOLEN, 1), "phone");
        invalid("add-by-a-revoked-device", Reason.UNKNOWN_SIGNER, 4,
                both(without, without.jws(id -> id.addDevice(key("new").key(), 2), "laptop", "new")));
        refuse("junior-revokes-senior", Reason.JUNIOR_SIGNER, revoke("phone"), "laptop");
        refuse("junior-revokes-its-neighbour", Reason.JUNIOR_SIGNER, revoke("laptop"), "tablet");
        refuse("junior-revokes-senior-and-itself", Reason.JUNIOR_SIGNER, revoke("phone", "laptop"), "laptop");
        refuse("two-juniors-revoke-senior", Reason.SUPERFLUOUS_SIGNATURE, revoke("phone"), "laptop", "tablet");
        refuse("stranger-revokes", Reason.UNKNOWN_SIGNER, revoke("phone"), "mallory");
        Chain recovered = full.then(id -> id.recover(keys("new"), Why.STOLEN, 1), "r1", "new");
        invalid("old-device-after-recovery", Reason.UNKNOWN_SIGNER, 4,
                both(recovered, recovered.jws(id -> id.addDevice(key("x").key(), 2), "phone", "x")));
        Chain reordered = full.then(id -> id.reorder(keys("tablet", "laptop", "phone"), 1), "r1");
        invalid("once-senior-revokes-senior", Reason.JUNIOR_SIGNER, 4,
                both(reordered, reordered.jws(id -> id.revoke(set("tablet"), Why.STOLEN, 2), "phone")));
        refuse("reorder-by-device", Reason.NEEDS_RECOVERY_KEY,
                id -> id.reorder(keys("laptop", "phone", "tablet"), 1), "phone");
        refuse("reorder-by-stranger", Reason.UNKNOWN_SIGNER,
                id -> id.reorder(keys("laptop", "phone", "tablet"), 1), "mallory");
        refuse("change-home-by-device", Reason.NEEDS_RECOVERY_KEY, id -> id.changeHome(ELSEWHERE, 1), "phone");
        refuse("change-home-by-two-recovery-keys", Reason.SUPERFLUOUS_SIGNATURE, id -> id.changeHome(ELSEWHERE, 1),
                "r1", "r2");
        refuse("deactivate-by-device", Reason.NEEDS_RECOVERY_KEY, id -> id.deactivate(1), "phone");
        refuse("recover-by-device", Reason.NEEDS_RECOVERY_KEY, id -> id.recover(keys("new"), Why.LOST, 1), "phone",
                "new");
        refuse("recover-by-the-new-device-alone", Reason.NO_AUTHORITY, id -> id.recover(keys("new"), Why.LOST, 1),
                "new");
        refuse("recover-without-the-new-device", Reason.MISSING_SIGNATURE,
                id -> id.recover(keys("new", "newer"), Why.LOST, 1), "r1", "new");
        refuse("recover-by-a-kept-device-too", Reason.SUPERFLUOUS_SIGNATURE,
                id -> id.recover(keys("new", "phone"), Why.LOST, 1), "r1", "phone", "new");
        refuse("replace-recovery-keys-by-device", Reason.NEEDS_RECOVERY_KEY,
                id -> id.replaceRecovery(keys("r4"), Why.LOST, 1), "phone", "r4");
        refuse("replace-higher-recovery-key", Reason.LOWER_PRIORITY,
                id -> id.replaceRecovery(keys("r4", "r2", "r3"), Why.STOLEN, 1), "r2", "r4");
        refuse("lowest-recovery-key-replaces-its-neighbour", Reason.LOWER_PRIORITY,
                id -> id.replaceRecovery(keys("r1", "r4", "r3"), Why.STOLEN, 1), "r3", "r4");
        refuse("lower-recovery-key-changes-priorities", Reason.LOWER_PRIORITY,
                id -> id.replaceRecovery(keys("r2", "r1", "r3"), Why.RETIRED, 1), "r2");
        refuse("second-recovery-key-drops-the-first", Reason.LOWER_PRIORITY,
                id -> id.replaceRecovery(keys("r2", "r3"), Why.RETIRED, 1), "r2");
        refuse("lower-recovery-key-replaces-all", Reason.LOWER_PRIORITY,
                id -> id.replaceRecovery(keys("r4"), Why.STOLEN, 1), "r3", "r4");
        refuse("new-recovery-key-has-not-signed", Reason.MISSING_SIGNATURE,
                id -> id.replaceRecovery(keys("r4", "r5"), Why.STOLEN, 1), "r1", "r4");
        refuse("new-recovery-key-allows-itself", Reason.NO_AUTHORITY,
                id -> id.replaceRecovery(keys("r4"), Why.STOLEN, 1), "r4");
        Chain replaced = full.then(id -> id.replaceRecovery(keys("r4"), Why.LOST, 1), "r1", "r4");
        invalid("old-recovery-key-after-replacement", Reason.UNKNOWN_SIGNER, 4,
                both(replaced, replaced.jws(id -> id.recover(keys("x"), Why.LOST, 2), "r1", "x")));
    }

    private void signatures() {
        Jws add = two.last();
        String text = add.toText();
        first("signatures-swapped", Reason.BAD_SIGNATURE, swapSignatures(one.last().toText()));
        invalid("signature-of-the-operation-before", Reason.BAD_SIGNATURE, 1, both(three, Forge.sign(add.payload(),
                List.of(new Forge.Part(Forge.header("signet-identity+jws", key("phone")), key("tablet")),
                        new Forge.Part(Forge.header("signet-identity+jws", key("laptop")), key("laptop"))))));
        String encoded = Base64Url.encode(add.payload());
        String other = Base64Url.encode(
                replace(Forge.payload(add), "1790000060", "1790000061").getBytes(StandardCharsets.UTF_8));
        invalid("payload-changed-after-signing", Reason.BAD_SIGNATURE, 1,
                both(three, replace(text, encoded, other)));
        String signature = text.substring(text.indexOf("\"signature\":\"") + 13, text.indexOf("\"}"));
        byte[] bytes = Base64Url.decode(signature).orElseThrow();
        byte[] twin = bytes.clone();
        System.arraycopy(NaiveEd25519.little(NaiveEd25519.number(Arrays.copyOfRange(bytes, 32, 64))
                .add(NaiveEd25519.L)), 0, twin, 32, 32);
        invalid("signature-with-s-plus-l", Reason.BAD_SIGNATURE, 1,
                both(three, replace(text, signature, Base64Url.encode(twin))));
        bytes[0] ^= 1;
        invalid("signature-with-one-bit-changed", Reason.BAD_SIGNATURE, 1,
                both(three, replace(text, signature, Base64Url.encode(bytes))));
        // What is signed is the text of header and payload: the same header, otherwise written, was not.
        String header = Base64Url
                .encode(Forge.header("signet-identity+jws", key("phone")).getBytes(StandardCharsets.UTF_8));
        invalid("header-rewritten-after-signing", Reason.BAD_SIGNATURE, 1, both(three, replace(text, header,
                Base64Url.encode((Forge.header("signet-identity+jws", key("phone")) + " ")
                        .getBytes(StandardCharsets.UTF_8)))));
        // The kid of a key that may do it, the signature of one that may not.
        invalid("kid-of-a-recovery-key-with-the-signature-of-a-device", Reason.BAD_SIGNATURE, 3,
                both(full, Forge.sign(full.jws(id -> id.deactivate(1), "r1").payload(), List.of(
                        new Forge.Part(Forge.header("signet-identity+jws", key("r1")), key("phone"))))));
    }

    private void budgets() {
        Chain homes = one;
        for (int i = 0; i < Identity.MAX_SIGNED_BY_RECOVERY_KEYS; i++) {
            HandleDomain home = i % 2 == 0 ? ELSEWHERE : HOME;
            homes = homes.then(id -> id.changeHome(home, 1), "r1");
        }
        valid("recovery-budget-used-up", homes);
        valid("add-by-device-when-recovery-budget-is-used-up", homes.with("laptop", "phone"));
        valid("deactivate-when-recovery-budget-is-used-up", homes.then(id -> id.deactivate(1), "r1"));
        invalid("recovery-budget-exceeded", Reason.RECOVERY_BUDGET, homes.operations().size(),
                both(homes, homes.jws(id -> id.recover(keys("laptop"), Why.LOST, 1), "r1", "laptop")));
        Chain devices = one;
        for (int i = 0; i < Identity.MAX_SIGNED_BY_DEVICES / 2; i++) {
            String device = "device " + i;
            devices = devices.with(device, "phone").then(id -> id.revoke(set(device), Why.RETIRED, 1), "phone");
        }
        valid("device-budget-used-up", devices);
        valid("recover-when-device-budget-is-used-up",
                devices.then(id -> id.recover(keys("laptop"), Why.LOST, 1), "r1", "laptop"));
        invalid("device-budget-exceeded", Reason.DEVICE_BUDGET, devices.operations().size(),
                both(devices, devices.jws(id -> id.addDevice(key("laptop").key(), 1), "phone", "laptop")));
        invalid("first-device-comes-back-after-a-thousand-operations", Reason.KEY_REUSED, devices.operations().size(),
                both(devices, devices.jws(id -> id.addDevice(key("device 0").key(), 1), "r1", "device 0")));
    }

    // --- how they are made

    private void valid(String name, Chain chain) {
        Identity identity = chain.identity();
        file.add(name, JsonObject.builder()
                .put("verdict", "VALID")
                .put("operations", VectorFile.strings(chain.texts()))
                .put("id", identity.id().value())
                .put("head", identity.head().value())
                .put("seq", identity.seq())
                .put("epoch", identity.epoch())
                .put("home", identity.home().value())
                .put("recovery", VectorFile.strings(identity.recovery().stream().map(JwsKey::x).toList()))
                .put("devices", VectorFile.strings(identity.devices().stream().map(JwsKey::x).toList()))
                .put("deactivated", identity.isDeactivated()));
    }

    /** Adds a chain that ends with exactly this text. */
    private void accepted(String name, Chain before, String text) {
        Jws jws = Jws.parse(text).orElseThrow();
        List<String> texts = new ArrayList<>(before.texts());
        texts.add(text);
        Identity identity = before.identity().apply(jws).orElseThrow();
        file.add(name, accepted(texts, identity));
    }

    private void accepted(String name, String genesis) {
        file.add(name, accepted(List.of(genesis), Identity.genesis(Jws.parse(genesis).orElseThrow()).orElseThrow()));
    }

    private static JsonObject.Builder accepted(List<String> texts, Identity identity) {
        return JsonObject.builder()
                .put("verdict", "VALID")
                .put("operations", VectorFile.strings(texts))
                .put("id", identity.id().value())
                .put("head", identity.head().value())
                .put("seq", identity.seq());
    }

    private void invalid(String name, Reason reason, int at, List<String> texts) {
        file.add(name, JsonObject.builder()
                .put("verdict", reason.name())
                .put("at", at)
                .put("operations", VectorFile.strings(texts)));
    }

    /** Adds a chain whose first envelope is refused. */
    private void first(String name, Reason reason, String text) {
        invalid(name, reason, 0, List.of(text));
    }

    /** Adds the genesis of one recovery key with another payload, signed by both. */
    private void payload(String name, Reason reason, UnaryOperator<String> change) {
        first(name, reason, Forge.resign(one.last(), change, signers("phone", "r1")));
    }

    /** Adds the last operation of {@code chain} with another payload. */
    private void later(String name, Reason reason, Chain chain, UnaryOperator<String> change, String... signers) {
        int at = chain.operations().size() - 1;
        List<String> texts = new ArrayList<>(chain.texts().subList(0, at));
        texts.add(Forge.resign(chain.last(), change, signers(signers)));
        invalid(name, reason, at, texts);
    }

    private void refuse(String name, Reason reason, Function<Identity, Operation> next, String... signers) {
        invalid(name, reason, 3, both(full, full.jws(next, signers)));
    }

    /** Adds an operation on three devices whose {@code revoked} is as it should be. */
    private void refuse(String name, Reason reason, Kind kind, HandleDomain home, List<JwsKey> recovery,
            List<JwsKey> devices, long epoch, String... signers) {
        List<Revocation> revoked = new ArrayList<>();
        for (JwsKey key : full.identity().recovery()) {
            if (!recovery.contains(key)) {
                revoked.add(new Revocation(key.thumbprint(), Why.LOST));
            }
        }
        for (JwsKey key : full.identity().devices()) {
            if (!devices.contains(key)) {
                revoked.add(new Revocation(key.thumbprint(), Why.LOST));
            }
        }
        invalid(name, reason, 3, both(full, following(full, kind, home, recovery, devices, epoch, revoked, signers)));
    }

    private static Jws following(Chain chain, Kind kind, HandleDomain home, List<JwsKey> recovery, List<JwsKey> devices,
            long epoch, List<Revocation> revoked, String... signers) {
        Identity identity = chain.identity();
        return new Operation(kind, Optional.of(identity.id()), home, identity.seq() + 1, Optional.of(identity.head()),
                epoch, chain.time(), Optional.empty(), recovery, devices, revoked).sign(signers(signers));
    }

    private static Function<Identity, Operation> add(String device) {
        return id -> id.addDevice(key(device).key(), 1);
    }

    private static Function<Identity, Operation> revoke(String... devices) {
        return id -> id.revoke(set(devices), Why.STOLEN, 1);
    }

    private static List<Revocation> revoked(String... names) {
        return keys(names).stream().map(key -> new Revocation(key.thumbprint(), Why.LOST)).toList();
    }

    private static List<String> both(Chain chain, Jws next) {
        return both(chain, next.toText());
    }

    private static List<String> both(Chain chain, String next) {
        List<String> texts = new ArrayList<>(chain.texts());
        texts.add(next);
        return texts;
    }

    private static Set<JwsKey> set(String... names) {
        return Set.copyOf(keys(names));
    }

    private static String[] sixteenDevices() {
        String[] names = new String[16];
        for (int i = 0; i < names.length; i++) {
            names[i] = "new " + i;
        }
        return names;
    }

    private static String quoted(String... names) {
        return "\"" + String.join("\",\"", keys(names).stream().map(JwsKey::x).toList()) + "\"";
    }

    private static String x(String hex) {
        return Base64Url.encode(HexFormat.of().parseHex(hex));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String pad(String base64) {
        return base64 + "=".repeat(Math.max(1, (4 - base64.length() % 4) % 4));
    }

    /** Returns {@code base64} with a bit set that stands for nothing. */
    private static String spareBits(String base64) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(base64.charAt(base64.length() - 1));
        return base64.substring(0, base64.length() - 1) + alphabet.charAt(last | 1);
    }

    private static String base32SpareBits(String base32) {
        int last = Base32.LOWER.indexOf(base32.charAt(base32.length() - 1));
        return base32.substring(0, base32.length() - 1) + Base32.LOWER.charAt(last | 1);
    }

    private static String swapSignatures(String text) {
        int first = text.indexOf("\"signature\":\"") + 13;
        int second = text.lastIndexOf("\"signature\":\"") + 13;
        String one = text.substring(first, first + 86);
        String other = text.substring(second, second + 86);
        return text.substring(0, first) + other + text.substring(first + 86, second) + one
                + text.substring(second + 86);
    }
}
