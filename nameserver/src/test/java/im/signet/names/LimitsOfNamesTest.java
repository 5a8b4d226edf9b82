package im.signet.names;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Revocation;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.UnpaddedBase64;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static im.signet.names.NamesServer.CHALLENGES;
import static im.signet.names.NamesServer.HANDLES;
import static org.assertj.core.api.Assertions.assertThat;

/** How often the nameserver may be asked, with the limits that it ships with. */
class LimitsOfNamesTest {

    private final NamesScene scene = new NamesScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private NamesServer server() {
        return scene.start("signet.limits.enabled=true");
    }

    @Test
    void allowAHundredReadsAndThenFiveASecond() {
        NamesServer server = server();
        for (int i = 0; i < 100; i++) {
            server.get(HANDLES + "nobody@example.org").refuses(404, "NOT_FOUND");
        }
        Answer refused = server.get(HANDLES + "nobody@example.org").refuses(429, "LIMIT_EXCEEDED");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        server.get("/.well-known/webfinger?resource=acct:a@example.org").refuses(429, "LIMIT_EXCEEDED");
        server.get("/_signet/ns/v1/identities/n1" + "a".repeat(52)).refuses(429, "LIMIT_EXCEEDED");
        scene.clock().move(Duration.ofSeconds(1));
        for (int i = 0; i < 5; i++) {
            server.get(HANDLES + "nobody@example.org").refuses(404, "NOT_FOUND");
        }
        server.get(HANDLES + "nobody@example.org").refuses(429, "LIMIT_EXCEEDED");
    }

    /** Spoofed X-Forwarded-For: without a proxy that is trusted, nobody is somebody else by saying so. */
    @Test
    void countReadsByWhereTheyComeFrom() {
        NamesServer server = server();
        for (int i = 0; i < 100; i++) {
            server.get(HANDLES + "nobody@example.org", "X-Forwarded-For", "203.0.113." + i, "Forwarded",
                    "for=203.0.113." + i, "X-Real-IP", "203.0.113." + i).refuses(404, "NOT_FOUND");
        }
        server.get(HANDLES + "nobody@example.org", "X-Forwarded-For", "198.51.100.1").refuses(429, "LIMIT_EXCEEDED");
    }

    @Test
    void allowAKeyTenRecordsAnHourAndThirtyADay() {
        NamesServer server = server();
        Owner owner = new Owner("@alice:example.org", scene.clock());
        owner.registered(server, "alice@example.org");
        int accepted = 1;
        for (int hour = 0; hour < 4; hour++) {
            while (push(server, owner)) {
                accepted++;
            }
            scene.clock().move(Duration.ofHours(1));
        }
        // 10 at once, 10 more for each hour, and what the day gives back in three hours.
        assertThat(accepted).isBetween(30, 34);
    }

    private static boolean push(NamesServer server, Owner owner) {
        JwsSigner device = Owner.key();
        boolean full = owner.identity().devices().size() > 1;
        Jws operation = full
                ? owner.operation(id -> id.revoke(java.util.Set.of(id.devices().getLast()),
                        im.signet.protocol.handle.Revocation.Why.RETIRED, owner.now()), owner.phone)
                : owner.operation(id -> id.addDevice(device.key(), owner.now()), owner.phone, device);
        Answer answer = owner.putOperation(server, operation);
        if (answer.status() == 429) {
            answer.refuses(429, "LIMIT_EXCEEDED");
            return false;
        }
        answer.is(201);
        owner.keep(operation);
        return true;
    }

    /** Whoever has no key of it cannot use up what a key may sign. */
    @Test
    void countNothingAgainstAKeyThatItDidNotSign() {
        NamesServer server = server();
        Owner owner = new Owner("@alice:example.org", scene.clock());
        owner.registered(server, "alice@example.org");
        Owner thief = new Owner("@mallory:example.org", scene.clock());
        JwsSigner device = Owner.key();
        Jws operation = owner.operation(id -> id.addDevice(device.key(), owner.now()), owner.phone, device);
        Jws forged = Jws.parse(operation.toText().replaceFirst("\"signature\":\"....", "\"signature\":\"AAAA"))
                .orElseThrow();
        String path = NamesServer.IDENTITIES + owner.identity().id() + "/ops/1";
        for (int i = 0; i < 20; i++) {
            server.put(path, thief.token(), forged.toJson()).refuses(422, "BAD_SIGNATURE");
        }
        owner.putOperation(server, operation).is(201);
    }

    /** Blanks around the members of a payload are part of what is signed, so the thief of a device can add them. */
    @Test
    void keepAThiefFromMakingAChainThatNobodyReads() {
        NamesServer server = scene.start();
        Owner alice = new Owner("@alice:example.org", scene.clock());
        alice.registered(server, "alice@example.org");
        int taken = 0;
        Answer answer;
        do {
            JwsSigner device = Owner.key();
            Jws operation = taken % 2 == 0
                    ? padded(alice.operation(id -> id.addDevice(device.key(), alice.now()), alice.phone), alice.phone,
                            device)
                    : padded(alice.operation(
                            id -> id.revoke(Set.of(id.devices().getLast()), Revocation.Why.RETIRED, alice.now()),
                            alice.phone), alice.phone);
            answer = alice.putOperation(server, operation);
            if (answer.status() == 201) {
                alice.keep(operation);
                taken++;
            }
        } while (answer.status() == 201 && taken < 400);
        answer.refuses(422, "DEVICE_BUDGET");
        assertThat(taken).isBetween(100, 300);
        assertThat(server.get(NamesServer.HANDLES + "alice@example.org").body().length()).isLessThan(2_200_000);

        JwsSigner tablet = Owner.key();
        alice.push(server, id -> id.recover(List.of(tablet.key()), Revocation.Why.STOLEN, alice.now()), tablet,
                alice.recovery);
    }

    /** Returns the same operation with blanks up to the greatest size, signed by these keys. */
    private static Jws padded(Jws operation, JwsSigner... signers) {
        String payload = new String(operation.payload(), StandardCharsets.UTF_8);
        String encoded = UnpaddedBase64.encodeUrl((payload + " ".repeat(8 * 1024 - payload.length()))
                .getBytes(StandardCharsets.UTF_8));
        List<Json> signatures = new ArrayList<>();
        for (JwsSigner signer : signers) {
            String header = UnpaddedBase64.encodeUrl(StrictJson.write(JsonObject.builder()
                    .put("alg", "Ed25519")
                    .put("typ", "signet-identity+jws")
                    .put("kid", signer.key().thumbprint().value())
                    .build()).getBytes(StandardCharsets.UTF_8));
            byte[] message = (header + "." + encoded).getBytes(StandardCharsets.US_ASCII);
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(signer.seed(), 0, message, 0, message.length, signature, 0);
            signatures.add(JsonObject.builder()
                    .put("protected", header)
                    .put("signature", UnpaddedBase64.encodeUrl(signature))
                    .build());
        }
        return Jws.of(JsonObject.builder()
                .put("payload", encoded)
                .put("signatures", JsonArray.of(signatures))
                .build()).orElseThrow();
    }

    @Test
    void allowAnAccountSixtyRequests() {
        NamesServer server = server();
        Owner owner = new Owner("@alice:example.org", scene.clock());
        for (int i = 0; i < 60; i++) {
            owner.challenge(server);
        }
        server.send("POST", CHALLENGES, owner.token(), "{}").refuses(429, "LIMIT_EXCEEDED");
        new Owner("@bob:example.org", scene.clock()).challenge(server);
        scene.clock().move(Duration.ofMinutes(1));
        owner.challenge(server);
    }

    /** Nothing is left of challenges that nobody answered. */
    @Test
    void forgetChallenges() {
        NamesServer server = server();
        new Owner("@alice:example.org", scene.clock()).challenge(server);
        scene.clock().move(Duration.ofMinutes(5));
        server.part(im.signet.names.registration.Challenges.class).deleteExpired();
        assertThat(scene.rows("challenge")).isZero();
    }
}
