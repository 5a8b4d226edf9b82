package im.signet.standalone;

import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** In the standalone server: the account is of the terms-service, the terms come first, the handle is the key's. */
class AHandleIsMineTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String NS = "/_signet/ns/v1";

    @Test
    void registersAHandleOnceTheTermsAreAccepted() {
        try (Town town = Town
                .start(Map.of("signet.names.domains", "example.org", "signet.names.registration", "open"))) {
            String token = town.register(town.homeserver.register("alice"));
            long now = Clock.systemUTC().instant().getEpochSecond();
            JwsSigner phone = JwsSigner.generate(RANDOM);
            JwsSigner recovery = JwsSigner.generate(RANDOM);
            Jws genesis = Operation.genesis(HandleDomain.of("example.org"), List.of(recovery.key()), phone.key(),
                    Rnd.generate(RANDOM), now).sign(phone, recovery);
            Identity identity = Identity.genesis(genesis).orElseThrow();
            Jws binding = Binding.first(Handle.of("alice@example.org"), identity, now, Rnd.generate(RANDOM))
                    .sign(phone);

            JsonObject challenge = town.post(NS + "/challenges", token, "{}").json();
            assertThat(challenge.bool("terms_outstanding")).contains(true);
            String audience = challenge.string("audience").orElseThrow();
            Jws pop = new ProofOfPossession(new ProofOfPossession.Request(audience,
                    new ProofOfPossession.Nonce(challenge.string("nonce").orElseThrow()), binding.opId(),
                    ProofOfPossession.Method.POST, audience + NS + "/bindings"), now).sign(phone);
            String request = StrictJson.write(JsonObject.builder()
                    .put("identity", JsonArray.of(List.of(genesis.toJson())))
                    .put("binding", binding.toJson())
                    .put("pop", pop.toJson())
                    .build());
            assertThat(town.post(NS + "/bindings", token, request).errcode()).isEqualTo("M_TERMS_NOT_SIGNED");
            town.acceptTerms(token);
            assertThat(town.post(NS + "/bindings", token, request).status()).isEqualTo(201);

            Town.Reply resolved = town.get(NS + "/handles/alice@example.org", "");
            assertThat(resolved.status()).as(resolved.body()).isEqualTo(200);
            Jws found = Jws.of(resolved.json().object("binding").orElseThrow()).orElseThrow();
            assertThat(SignedBinding.verify(found, identity).orElseThrow().signer()).isEqualTo(phone.key());
            assertThat(town.get("/.well-known/signet", "").json().string("nameserver")).contains(audience);
        }
    }

    @Test
    void answersNothingOfHandlesUnlessToldOtherwise() {
        try (Town town = Town.start(Map.of())) {
            for (String path : List.of(NS + "/handles/alice@example.org", "/.well-known/signet")) {
                assertThat(town.get(path, "").status()).isEqualTo(404);
            }
        }
    }
}
