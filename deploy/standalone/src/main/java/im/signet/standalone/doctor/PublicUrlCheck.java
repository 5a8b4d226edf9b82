package im.signet.standalone.doctor;

import im.signet.identity.key.SigningKeys;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.Keys;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.protocol.signature.KeyId;
import im.signet.protocol.signature.SigningKey;
import im.signet.standalone.config.Service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the public URL leads to this server, with what browsers need, and with the same time. */
final class PublicUrlCheck implements Check {

    private static final Duration APART = Duration.ofSeconds(30);

    @Override
    public String what() {
        return "public url";
    }

    @Override
    public List<Diagnosis> look(Patient patient) throws InterruptedException {
        Optional<URI> given = patient.publicUrl();
        if (given.isEmpty()) {
            return List.of(Diagnosis.fail(what(), "there is none to ask.", "Set signet.public-url."));
        }
        String base = given.get().toString();
        String path = patient.served().has(Service.IDENTITY) ? "/_matrix/identity/v2" : "/_signet/terms";
        List<Diagnosis> found = new ArrayList<>();
        try {
            HttpResponse<String> answer = patient.get(URI.create(base + path), "Origin", "https://client.example");
            if (answer.statusCode() != 200) {
                return List.of(Diagnosis.fail(what(), base + path + " answers with status " + answer.statusCode() + ".",
                        "Have the reverse proxy pass everything below /_matrix/identity/ and /_signet/ on to this server."));
            }
            if (patient.served().has(Service.IDENTITY)) {
                found.add(isThisServer(patient, base));
            } else {
                found.add(Diagnosis.ok(what(), base + " answers."));
            }
            cors(answer, found);
            clock(patient, answer, found);
        } catch (IOException unreachable) {
            return List.of(Diagnosis.fail(what(), base + " cannot be asked from here.",
                    "Check DNS, TLS and the reverse proxy, by the lines of this report that are about them."));
        }
        return found;
    }

    // The key that signs is secret; that the server at the URL knows its public half as its own says that it is this one.
    private Diagnosis isThisServer(Patient patient, String base) throws IOException, InterruptedException {
        Optional<KeyRing> ring = Keys.stored(patient.keyFolder(), "signing");
        if (ring.isEmpty()) {
            return Diagnosis.warn(what(), base + " answers; whether it is this server cannot be told without its keys.",
                    "Run this where signet.data-dir is, after the first start.");
        }
        KeyRing.Key key = ring.get().current();
        SigningKeys.check(key);
        String own = SigningKey.fromSeed(KeyId.of(key.id()), key.bytes()).verifyKey().encoded();
        HttpResponse<String> answer = patient.get(URI.create(base + "/_matrix/identity/v2/pubkey/" + key.id()));
        Optional<String> published = StrictJson.parseObject(answer.body())
                .toOptional()
                .flatMap((JsonObject json) -> json.string("public_key"));
        if (published.filter(own::equals).isPresent()) {
            return Diagnosis.ok(what(), base + " leads to this server: it publishes our signing key.");
        }
        return answer.statusCode() == 200 || answer.statusCode() == 404
                ? Diagnosis.fail(what(), base + " leads to another server, or to one with other keys.",
                        "Correct signet.public-url, the reverse proxy, or signet.data-dir.")
                : Diagnosis.fail(what(), base + " does not publish keys (status " + answer.statusCode() + ").",
                        "Have the reverse proxy pass everything below /_matrix/identity/ on.");
    }

    private static void cors(HttpResponse<String> answer, List<Diagnosis> found) {
        List<String> origins = answer.headers().allValues("Access-Control-Allow-Origin");
        if (origins.equals(List.of("*"))) {
            found.add(Diagnosis.ok("cors", "browsers may ask: Access-Control-Allow-Origin is *."));
        } else {
            found.add(Diagnosis.fail("cors", origins.isEmpty()
                    ? "the answer comes without Access-Control-Allow-Origin, so that clients in browsers cannot read it."
                    : "the answer has Access-Control-Allow-Origin " + origins.size() + " times, or not as *.",
                    "Leave that header to the server: the proxy must neither remove nor add it."));
        }
    }

    private static void clock(Patient patient, HttpResponse<String> answer, List<Diagnosis> found) {
        answer.headers().firstValue("Date").flatMap(PublicUrlCheck::time).ifPresent(theirs -> {
            Duration apart = Duration.between(patient.clock().instant(), theirs).abs();
            found.add(apart.compareTo(APART) > 0
                    ? Diagnosis.fail("clock",
                            "the clocks of this machine and of the public URL are " + apart.toSeconds()
                                    + " s apart.",
                            "Set both by NTP.")
                    : Diagnosis.ok("clock", "this machine and the public URL agree on the time."));
        });
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
