package im.signet.client;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SignedJson;
import im.signet.protocol.signature.VerifyKey;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks what a server signed about a binding: that it says what was asked for, and that a key of the server made it. */
final class AssociationCheck {
    private static final int MAX_SIGNATURES = 4;

    private final Access access;

    AssociationCheck(Access access) {
        this.access = access;
    }

    private record Signer(ServerName name, KeyId keyId) {}

    /** Returns the address in {@code object}, in canonical form. */
    static Parsed<Address> address(JsonObject object) {
        return Medium.parse(object.string("medium").orElse(""))
                .flatMap(medium -> Address.parse(medium, object.string("address").orElse("")));
    }

    Binding check(JsonObject signed, Address address, UserId userId) {
        if (!address(signed).toOptional().equals(Optional.of(address))
                || !signed.string("mxid").equals(Optional.of(userId.value()))) {
            return new Binding.Unverified("the signed association is about another address or another user");
        }
        Optional<Instant> notBefore = instant(signed, "not_before");
        Optional<Instant> notAfter = instant(signed, "not_after");
        Optional<Instant> boundAt = instant(signed, "ts");
        if (!notBefore.isPresent() || !notAfter.isPresent() || !boundAt.isPresent()) {
            return new Binding.Unverified("the signed association does not say from when until when it holds");
        }
        for (Signer signer : signers(signed)) {
            if (isSignedBy(signer, signed)) {
                return new Binding.Bound(
                        new Association(address, userId, notBefore.get(), notAfter.get(), boundAt.get(),
                                signer.name(), signer.keyId(), signed));
            }
        }
        return new Binding.Unverified("no key that the server publishes made a signature of the association");
    }

    /** Returns by whom and with which keys {@code signed} claims to be signed; only the first few, as each costs a request. */
    private static List<Signer> signers(JsonObject signed) {
        List<Signer> signers = new ArrayList<>();
        JsonObject signatures = signed.object("signatures").orElse(JsonObject.of());
        for (Map.Entry<String, Json> member : signatures.members().entrySet()) {
            Optional<ServerName> name = ServerName.parse(member.getKey()).toOptional();
            if (name.isPresent() && member.getValue() instanceof JsonObject keys) {
                for (String text : keys.members().keySet()) {
                    KeyId.parse(text)
                            .toOptional()
                            .filter(id -> id.algorithm().equals(KeyId.ED25519))
                            .ifPresent(id -> signers.add(new Signer(name.get(), id)));
                }
            }
        }
        return signers.subList(0, Math.min(signers.size(), MAX_SIGNATURES));
    }

    private boolean isSignedBy(Signer signer, JsonObject signed) {
        Answer answer = access.askAnonymously(Call.get("/v2/pubkey/" + signer.keyId(), Disclosures.KEY));
        if (!(answer instanceof Answer.Ok ok)) {
            return false;
        }
        Optional<VerifyKey> key = ok.body().string("public_key").flatMap(text -> VerifyKey.parse(text).toOptional());
        return key.isPresent()
                && SignedJson.verify(signed, signer.name(), signer.keyId(), key.get()) == SignedJson.Check.VALID;
    }

    private static Optional<Instant> instant(JsonObject object, String name) {
        return object.integer(name).map(Instant::ofEpochMilli);
    }
}
