package im.signet.protocol.handle;

import im.signet.protocol.handle.Revocation.Why;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

import static im.signet.protocol.handle.Chain.TIME;
import static im.signet.protocol.handle.Chain.keys;
import static im.signet.protocol.handle.Chain.signers;
import static im.signet.protocol.handle.Forge.key;
import static im.signet.protocol.handle.Forge.replace;
import static im.signet.protocol.handle.Forge.rnd;

/** Bindings beside the chain of their identity: what stands, what is stale, and what must be refused. */
final class BindingVectors {
    private static final Handle ALICE = Handle.of("alice@example.org");
    private static final Handle OTHER = Handle.of("alice@other.example");

    private final VectorFile file = new VectorFile(
            "Bindings: docs/spec/handles.md, section 5. Each is verified against the whole "
                    + "chain, and each but the first must follow on the one before it. Refused at the binding number `at`. `standing` "
                    + "is that of the last beside the whole chain.");
    private final Chain chain = Chain.begin("phone", "r1", "r2").with("laptop", "phone");
    private final Identity identity = chain.identity();
    private final Jws first = Binding.first(ALICE, identity, TIME, rnd("b0")).sign(key("phone"));
    private final SignedBinding active = SignedBinding.verify(first, identity).orElseThrow();

    private BindingVectors() {}

    static VectorFile make() {
        BindingVectors vectors = new BindingVectors();
        vectors.valid();
        vectors.standings();
        vectors.payloads();
        vectors.heads();
        vectors.bySigners();
        vectors.sequences();
        return vectors.file;
    }

    private void valid() {
        valid("first", chain, first);
        valid("first-by-junior-device", chain, Binding.first(ALICE, identity, TIME, rnd("x")).sign(key("laptop")));
        Jws renewed = active.renew(identity, TIME + 10, rnd("b1")).sign(key("laptop"));
        valid("renewed-by-another-device", chain, first, renewed);
        Jws moved = active.move(identity, OTHER, TIME + 10, rnd("m")).sign(key("r1"));
        valid("moved", chain, first, moved);
        SignedBinding gone = SignedBinding.verify(moved, identity).orElseThrow();
        valid("moved-on", chain, first, moved,
                gone.move(identity, Handle.of("a.l-i_c3@third.example"), TIME + 20, rnd("m2")).sign(key("r2")));
        valid("moved-and-back", chain, first, moved, gone.renew(identity, TIME + 20, rnd("m3")).sign(key("r2")));
        valid("moved-and-released", chain, first, moved, gone.release(identity, TIME + 20, rnd("m4")).sign(key("r1")));
        Jws released = active.release(identity, TIME + 10, rnd("r")).sign(key("r2"));
        valid("released", chain, first, released);
        SignedBinding free = SignedBinding.verify(released, identity).orElseThrow();
        Jws reclaimed = free.renew(identity, TIME + 20, rnd("r3")).sign(key("r1"));
        valid("released-and-reclaimed", chain, first, released, reclaimed);
        valid("reclaimed-and-renewed-by-device", chain, first, released, reclaimed, SignedBinding
                .verify(reclaimed, identity)
                .orElseThrow()
                .renew(identity, TIME + 30, rnd("r4"))
                .sign(key("phone")));
        valid("later-one-alone", chain, renewed);
        valid("with-reach", chain, Binding.first(ALICE, identity, TIME, rnd("x"))
                .withReach(new Reach(UserId.of("@alice:example.org"), Optional.empty()))
                .sign(key("phone")));
        valid("with-master-key", chain, withMasterKey("master").sign(key("phone"), key("master")));
        valid("with-ext", chain, Jws.parse(Forge.resign(first, p -> replace(p, "{",
                "{\"ext\":{\"a\":[1,-1,\"\\u00e9\",{\"b\":{\"c\":{\"d\":{}}}}],\"h\":\"x\",\"null\":false},"),
                key("phone")))
                .orElseThrow());
        valid("with-ext-of-names-that-mean-something-elsewhere", chain, Jws.parse(Forge.resign(first, p -> replace(p,
                "{",
                "{\"ext\":{\"__proto__\":{\"h\":\"bob@example.org\"},\"constructor\":1,\"\":2,\"\\u0000\":true},"),
                key("phone")))
                .orElseThrow());
        valid("for-400-days", chain, Binding.first(ALICE, identity, TIME, rnd("x"))
                .withExp(TIME + Binding.MAX_LIFE_SECONDS)
                .sign(key("phone")));
        valid("for-one-second", chain,
                Binding.first(ALICE, identity, TIME, rnd("x")).withExp(TIME + 1).sign(key("phone")));
        valid("renewed-with-an-earlier-iat", chain, first, active.renew(identity, 1, rnd("b1")).sign(key("laptop")));
        Chain later = chain.with("tablet", "laptop");
        valid("renewed-at-a-later-head", later, first,
                active.renew(later.identity(), TIME, rnd("x")).sign(key("tablet")));
    }

    private void standings() {
        Chain revoked = chain.then(id -> id.revoke(Set.copyOf(keys("phone")), Why.STOLEN, 1), "r1");
        valid("signer-revoked-since", revoked, first);
        valid("another-device-revoked-since", chain.then(id -> id.revoke(Set.copyOf(keys("laptop")), Why.LOST, 1),
                "phone"), first);
        Chain recovered = chain.then(id -> id.recover(keys("phone", "new"), Why.LOST, 1), "r1", "new");
        valid("epoch-over-by-recovery", recovered, first);
        Chain replaced = chain.then(id -> id.replaceRecovery(keys("r1", "r3"), Why.LOST, 1), "r1", "r3");
        valid("epoch-over-by-new-recovery-keys", replaced, first);
        valid("renewed-in-the-new-epoch", replaced, first,
                active.renew(replaced.identity(), TIME, rnd("x")).sign(key("phone")));
        valid("identity-deactivated-since", chain.then(id -> id.deactivate(1), "r2"), first);
        valid("home-changed-since", chain.then(id -> id.changeHome(HandleDomain.of("other.example"), 1), "r2"), first);
    }

    private void payloads() {
        payload("payload-not-json", Reason.PAYLOAD_NOT_STRICT_JSON, p -> p + "}");
        payload("member-twice", Reason.PAYLOAD_NOT_STRICT_JSON, p -> replace(p, "{", "{\"h\":\"bob@example.org\","));
        payload("member-twice-in-ext", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "{", "{\"ext\":{\"a\":1,\"a\":1},"));
        payload("ext-too-deep", Reason.PAYLOAD_NOT_STRICT_JSON,
                p -> replace(p, "{", "{\"ext\":{\"a\":" + "[".repeat(7) + "]".repeat(7) + "},"));
        payload("null-in-ext", Reason.NULL_VALUE, p -> replace(p, "{", "{\"ext\":{\"a\":null},"));
        payload("prev-of-null", Reason.NULL_VALUE, p -> replace(p, "{", "{\"prev\":null,"));
        payload("float-in-ext", Reason.NOT_AN_INTEGER, p -> replace(p, "{", "{\"ext\":{\"a\":[1.5]},"));
        payload("minus-zero-in-ext", Reason.NOT_AN_INTEGER, p -> replace(p, "{", "{\"ext\":{\"a\":-0},"));
        payload("ext-not-an-object", Reason.MALFORMED_MEMBER, p -> replace(p, "{", "{\"ext\":[],"));
        payload("t-of-an-identity", Reason.WRONG_T, p -> replace(p, "signet.binding.v1", "signet.identity.v1"));
        payload("member-unknown", Reason.UNEXPECTED_MEMBER, p -> replace(p, "{", "{\"op\":\"update\","));
        payload("prev-in-the-first", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "{", "{\"prev\":\"" + first.opId() + "\","));
        payload("handle-missing", Reason.MISSING_MEMBER, p -> replace(p, "\"h\":\"alice@example.org\",", ""));
        payload("rnd-missing", Reason.MISSING_MEMBER, p -> p.replaceAll(",\"rnd\":\"[^\"]*\"", ""));
        payload("head-missing", Reason.MISSING_MEMBER, p -> p.replaceAll("\"head\":\"[^\"]*\",", ""));
        for (String handle : List.of("Alice@example.org", "alice@Example.org", "alice", "alice@example.org.",
                "@alice:example.org", "al..ice@example.org", "alice@localhost")) {
            payload("handle-" + handle, Reason.MALFORMED_MEMBER, p -> replace(p, "alice@example.org", handle));
        }
        payload("st-unknown", Reason.MALFORMED_MEMBER, p -> replace(p, "\"active\"", "\"suspended\""));
        payload("rnd-of-17-bytes", Reason.MALFORMED_MEMBER, p -> p.replaceAll("\"rnd\":\"..", "\"rnd\":\"AAA"));
        payload("reach-empty", Reason.MISSING_MEMBER, p -> replace(p, "{", "{\"reach\":{},"));
        payload("reach-with-another-member", Reason.UNEXPECTED_MEMBER,
                p -> replace(p, "{", "{\"reach\":{\"matrix\":\"@a:b\",\"email\":\"a@b.c\"},"));
        payload("reach-not-a-user-id", Reason.MALFORMED_MEMBER,
                p -> replace(p, "{", "{\"reach\":{\"matrix\":\"alice:example.org\"},"));
        payload("reach-with-weak-master-key", Reason.WEAK_KEY, p -> replace(p, "{",
                "{\"reach\":{\"matrix\":\"@a:b\",\"matrix_master_key\":\"" + Base64Url.encode(new byte[32]) + "\"},"));
        payload("to-of-an-active-one", Reason.MOVED_TO, p -> replace(p, "{", "{\"to\":\"bob@example.org\","));
        payload("exp-at-iat", Reason.EXPIRY, p -> p.replaceAll("\"exp\":\\d+", "\"exp\":" + TIME));
        payload("exp-before-iat", Reason.EXPIRY, p -> p.replaceAll("\"exp\":\\d+", "\"exp\":0"));
        payload("for-400-days-and-a-second", Reason.EXPIRY,
                p -> p.replaceAll("\"exp\":\\d+", "\"exp\":" + (TIME + Binding.MAX_LIFE_SECONDS + 1)));
        payload("first-is-released", Reason.FIRST_NOT_ACTIVE, p -> replace(p, "active", "released"));
        Jws moved = active.move(identity, OTHER, TIME + 10, rnd("m")).sign(key("r1"));
        invalid("moved-to-itself", Reason.MOVED_TO, 1, chain, first.toText(), Forge.resign(moved,
                p -> replace(p, OTHER.toString(), ALICE.toString()), key("r1")));
        invalid("moved-to-nowhere", Reason.MOVED_TO, 1, chain, first.toText(), Forge.resign(moved,
                p -> replace(p, "\"to\":\"" + OTHER + "\",", ""), key("r1")));
        invalid("prev-missing", Reason.MISSING_MEMBER, 1, chain, first.toText(), Forge.resign(moved,
                p -> p.replaceAll("\"prev\":\"[^\"]*\",", ""), key("r1")));
        payload("operation-in-place-of-a-binding", Reason.WRONG_T, p -> Forge.payload(chain.last()));
        invalid("envelope-of-an-operation", Reason.WRONG_TYP, 0, chain, chain.last().toText());
        invalid("typ-of-an-operation", Reason.WRONG_TYP, 0, chain,
                Forge.sign("signet-identity+jws", first.payload(), key("phone")));
        invalid("typ-of-a-status", Reason.WRONG_TYP, 0, chain,
                Forge.sign("signet-status+jws", first.payload(), key("phone")));
        invalid("signature-of-65-bytes", Reason.SIGNATURE_LENGTH, 0, chain, first.toText()
                .replaceAll("\"signature\":\"[^\"]*\"", "\"signature\":\"" + Base64Url.encode(new byte[65]) + "\""));
    }

    private void heads() {
        Chain stranger = Chain.begin("phone", "r2", "r1").with("laptop", "phone");
        invalid("of-another-identity", Reason.WRONG_ID, 0, stranger, first.toText());
        Chain shorter = new Chain(chain.operations().subList(0, 1), identity.at(0).orElseThrow());
        invalid("chain-shown-too-short", Reason.UNKNOWN_HEAD, 0, shorter, first.toText());
        payload("head-of-the-operation-before", Reason.WRONG_HEAD,
                p -> replace(p, identity.head().value(), identity.at(0).orElseThrow().head().value()));
        payload("hs-of-the-operation-before", Reason.WRONG_HEAD, p -> replace(p, "\"hs\":1", "\"hs\":0"));
        Chain fork = shorter.with("tablet", "phone");
        invalid("head-on-another-branch", Reason.WRONG_HEAD, 0, fork, first.toText());
        payload("epoch-too-high", Reason.WRONG_EPOCH, p -> replace(p, "\"epoch\":0", "\"epoch\":1"));
        Chain replaced = chain.then(id -> id.replaceRecovery(keys("r1", "r3"), Why.LOST, 1), "r1", "r3");
        Jws now = Binding.first(ALICE, replaced.identity(), TIME, rnd("x")).sign(key("phone"));
        invalid("epoch-too-low", Reason.WRONG_EPOCH, 0, replaced,
                Forge.resign(now, p -> replace(p, "\"epoch\":1", "\"epoch\":0"), key("phone")));
        Chain sameKeys = Chain.begin("phone", "r1").with("laptop", "phone");
        invalid("of-another-identity-with-the-same-keys", Reason.WRONG_ID, 0, sameKeys, first.toText());
        invalid("head-of-another-identity-with-the-same-keys", Reason.WRONG_HEAD, 0, chain, Forge.resign(first,
                p -> replace(p, identity.head().value(), sameKeys.identity().head().value()), key("phone")));
        Chain ended = chain.then(id -> id.deactivate(1), "r1");
        invalid("at-the-head-of-a-deactivated-identity", Reason.DEACTIVATED, 0, ended,
                Binding.first(ALICE, ended.identity(), TIME, rnd("x")).sign(key("phone")).toText());
    }

    private void bySigners() {
        Binding binding = active.binding();
        invalid("by-a-stranger", Reason.UNKNOWN_SIGNER, 0, chain, binding.sign(key("mallory")).toText());
        invalid("by-a-stranger-with-the-kid-of-a-device", Reason.BAD_SIGNATURE, 0, chain, Forge.sign(first.payload(),
                List.of(new Forge.Part(Forge.header("signet-binding+jws", key("phone")), key("mallory")))));
        invalid("by-two-devices", Reason.SUPERFLUOUS_SIGNATURE, 0, chain,
                binding.sign(signers("phone", "laptop")).toText());
        invalid("first-by-recovery-key", Reason.NEEDS_DEVICE, 0, chain, binding.sign(key("r1")).toText());
        Chain revoked = chain.then(id -> id.revoke(Set.copyOf(keys("laptop")), Why.STOLEN, 1), "phone");
        invalid("by-a-device-revoked-before", Reason.UNKNOWN_SIGNER, 0, revoked,
                Binding.first(ALICE, revoked.identity(), TIME, rnd("x")).sign(key("laptop")).toText());
        Chain later = chain.with("tablet", "phone");
        invalid("by-a-device-added-after-its-head", Reason.UNKNOWN_SIGNER, 0, later,
                binding.sign(key("tablet")).toText());
        invalid("master-key-has-not-signed", Reason.MISSING_SIGNATURE, 0, chain,
                withMasterKey("master").sign(key("phone")).toText());
        invalid("master-key-alone", Reason.NO_AUTHORITY, 0, chain,
                withMasterKey("master").sign(key("master")).toText());
        invalid("master-key-is-the-device", Reason.NO_AUTHORITY, 0, chain,
                withMasterKey("phone").sign(key("phone")).toText());
        invalid("master-key-signature-bad", Reason.BAD_SIGNATURE, 0, chain, Forge.sign(
                withMasterKey("master").sign(key("phone")).payload(), List.of(
                        new Forge.Part(Forge.header("signet-binding+jws", key("phone")), key("phone")),
                        new Forge.Part(Forge.header("signet-binding+jws", key("master")), key("phone")))));
        invalid("signed-by-a-master-key-that-is-not-named", Reason.UNKNOWN_SIGNER, 0, chain,
                binding.sign(key("phone"), key("master")).toText());
        // The same payload signed as a proof: what is signed begins with the header, which says what it is.
        String proof = Forge.sign("signet-pop+jws", first.payload(), key("phone"));
        String header = Base64Url
                .encode(Forge.header("signet-pop+jws", key("phone")).getBytes(StandardCharsets.UTF_8));
        invalid("signature-made-under-another-typ", Reason.BAD_SIGNATURE, 0, chain, replace(proof, header, Base64Url
                .encode(Forge.header("signet-binding+jws", key("phone")).getBytes(StandardCharsets.UTF_8))));
    }

    private void sequences() {
        Jws renewed = active.renew(identity, TIME + 10, rnd("b1")).sign(key("phone"));
        SignedBinding second = SignedBinding.verify(renewed, identity).orElseThrow();
        invalid("same-again", Reason.WRONG_SEQ, 1, chain, first.toText(), first.toText());
        invalid("rolled-back", Reason.WRONG_SEQ, 2, chain, first.toText(), renewed.toText(), first.toText());
        invalid("one-left-out", Reason.WRONG_SEQ, 1, chain, first.toText(),
                second.renew(identity, TIME, rnd("b2")).sign(key("phone")).toText());
        Jws twin = active.renew(identity, TIME + 10, rnd("twin")).sign(key("phone"));
        invalid("fork", Reason.WRONG_SEQ, 2, chain, first.toText(), renewed.toText(), twin.toText());
        invalid("prev-of-another-branch", Reason.WRONG_PREV, 2, chain, first.toText(), twin.toText(),
                second.renew(identity, TIME, rnd("b2")).sign(key("phone")).toText());
        invalid("of-another-handle", Reason.WRONG_HANDLE, 1, chain, first.toText(), Forge.resign(renewed,
                p -> replace(p, ALICE.toString(), OTHER.toString()), key("phone")));
        Chain later = chain.with("tablet", "phone");
        Jws ahead = active.renew(later.identity(), TIME, rnd("x")).sign(key("tablet"));
        Jws behind = SignedBinding.verify(ahead, later.identity())
                .orElseThrow()
                .renew(identity, TIME, rnd("y"))
                .sign(key("laptop"));
        invalid("head-went-back", Reason.HEAD_WENT_BACK, 2, later, first.toText(), ahead.toText(), behind.toText());
        invalid("moved-by-device", Reason.NEEDS_RECOVERY_KEY, 1, chain, first.toText(),
                active.move(identity, OTHER, TIME, rnd("x")).sign(key("phone")).toText());
        invalid("released-by-device", Reason.NEEDS_RECOVERY_KEY, 1, chain, first.toText(),
                active.release(identity, TIME, rnd("x")).sign(key("phone")).toText());
        invalid("renewed-by-recovery-key", Reason.NEEDS_DEVICE, 1, chain, first.toText(),
                active.renew(identity, TIME, rnd("x")).sign(key("r1")).toText());
        Jws moved = active.move(identity, OTHER, TIME, rnd("x")).sign(key("r1"));
        invalid("taken-back-by-device-after-a-move", Reason.NEEDS_RECOVERY_KEY, 2, chain, first.toText(),
                moved.toText(),
                SignedBinding.verify(moved, identity)
                        .orElseThrow()
                        .renew(identity, TIME, rnd("y"))
                        .sign(key("phone"))
                        .toText());
        Jws released = active.release(identity, TIME, rnd("x")).sign(key("r1"));
        SignedBinding free = SignedBinding.verify(released, identity).orElseThrow();
        invalid("taken-back-by-device-after-a-release", Reason.NEEDS_RECOVERY_KEY, 2, chain, first.toText(),
                released.toText(), free.renew(identity, TIME, rnd("y")).sign(key("laptop")).toText());
        invalid("moved-after-a-release", Reason.RELEASED, 2, chain, first.toText(), released.toText(),
                free.move(identity, OTHER, TIME, rnd("y")).sign(key("r1")).toText());
        invalid("released-twice", Reason.RELEASED, 2, chain, first.toText(), released.toText(),
                free.release(identity, TIME, rnd("y")).sign(key("r1")).toText());
    }

    private Binding withMasterKey(String name) {
        return Binding.first(ALICE, identity, TIME, rnd("x"))
                .withReach(new Reach(UserId.of("@alice:example.org"), Optional.of(key(name).key())));
    }

    private void valid(String name, Chain of, Jws... bindings) {
        SignedBinding last = SignedBinding.verify(bindings[bindings.length - 1], of.identity()).orElseThrow();
        List<JsonString> opIds = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Jws binding : bindings) {
            opIds.add(new JsonString(binding.opId().value()));
            texts.add(binding.toText());
        }
        file.add(name, JsonObject.builder()
                .put("verdict", "VALID")
                .put("standing", last.standing(of.identity()).name())
                .put("operations", VectorFile.strings(of.texts()))
                .put("bindings", VectorFile.strings(texts))
                .put("op_ids", JsonArray.of(opIds)));
    }

    private void payload(String name, Reason reason, UnaryOperator<String> change) {
        invalid(name, reason, 0, chain, Forge.resign(first, change, key("phone")));
    }

    private void invalid(String name, Reason reason, int at, Chain of, String... bindings) {
        file.add(name, JsonObject.builder()
                .put("verdict", reason.name())
                .put("at", at)
                .put("operations", VectorFile.strings(of.texts()))
                .put("bindings", VectorFile.strings(List.of(bindings))));
    }
}
