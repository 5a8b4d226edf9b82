package im.signet.names;

import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.names.NamesServer.BINDINGS;
import static im.signet.names.NamesServer.HANDLES;
import static im.signet.names.NamesServer.IDENTITIES;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that no honest client sends, made of right ones by chance: each is refused with a code, nothing fails, nothing is
 * kept, and the right one passes afterwards. Jackson leniency; CVE-2021-29430: unbounded bodies; CVE-2021-29433: unchecked
 * lengths.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {

    private static final int CHANGES = 300;
    private static final List<String> TABLES = List.of("identity", "operation", "binding", "quarantine");
    private static final List<String> VALUES = List.of("null", "true", "0", "-1", "1.5", "1e400", "9007199254740993",
            "1" + "0".repeat(5_000), "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"' OR 1=1 --\"", "\"<script>\"",
            "\"" + "x".repeat(70_000) + "\"", "[]", "{}", "[[]]", "[null]", "[{}]", "{\"payload\":null}",
            "[" + "{},".repeat(1_500) + "{}]", "[".repeat(63) + "]".repeat(63), "[".repeat(100_000));

    private NamesScene scene;
    private NamesServer server;
    private Owner owner;
    private Map<String, Long> before;

    @BeforeAll
    void start() {
        scene = new NamesScene();
        server = scene.start();
        owner = new Owner("@mallory:hs.example.org", scene.clock());
        owner.registered(server, "mallory@example.org");
    }

    @BeforeEach
    void count() {
        before = rows();
    }

    @AfterEach
    void keepsNothing() {
        assertThat(rows()).isEqualTo(before);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private Map<String, Long> rows() {
        Map<String, Long> rows = new TreeMap<>();
        TABLES.forEach(table -> rows.put(table, scene.rows(table)));
        return rows;
    }

    /** A right request, which each test spoils in its own way before it is sent as it is. */
    record Right(String method, String target, String token, JsonObject body) {

        byte[] bytes() {
            return StrictJson.write(body).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return method + " " + target;
        }
    }

    private Stream<Right> rightRequests() {
        Owner newcomer = new Owner("@new:hs.example.org", scene.clock());
        String name = "new" + scene.rows("binding") + "@example.org";
        Jws newest = Jws.of(server.get(HANDLES + "mallory@example.org").is(200).object("binding").orElseThrow())
                .orElseThrow();
        Jws renewal = owner.signed(newest).renew(owner.identity(), owner.now(), Owner.rnd()).sign(owner.phone);
        long seq = owner.signed(renewal).binding().seq();
        JwsSigner laptop = Owner.key();
        Jws operation = owner.operation(id -> id.addDevice(laptop.key(), owner.now()), owner.phone, laptop);
        return Stream.of(
                new Right("POST", BINDINGS, newcomer.token(), newcomer.registration(server, newcomer.first(name))),
                new Right("PUT", BINDINGS + "/mallory@example.org/" + seq, owner.token(), renewal.toJson()),
                new Right("PUT", IDENTITIES + owner.identity().id() + "/ops/" + (owner.identity().seq() + 1),
                        owner.token(), operation.toJson()));
    }

    private void isRefused(Answer answer, String what) {
        assertThat(answer.status()).as(what).isBetween(400, 499);
        assertThat(answer.header("Content-Type")).as(what).isEqualTo("application/problem+json");
        assertThat(answer.json().string("code")).as(what).isPresent();
        assertThat(answer.json().integer("status")).as(what).contains((long) answer.status());
        assertThat(answer.body()).as(what).doesNotContain("Exception", "\tat ", "im.signet", "org.");
    }

    private Answer send(Right right, byte[] body, boolean chunked) {
        return server.send(right.method(), right.target(), right.token(), body, chunked, "application/json");
    }

    /** Some bytes are flipped, left out, doubled or put in, any of the 256. */
    @ParameterizedTest
    @MethodSource("rightRequests")
    void refusesWhateverBytesAreChanged(Right right) {
        Random random = new Random(1);
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = right.bytes();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                changed = changed(changed, random);
            }
            boolean same = StrictJson.parseObject(new String(changed, StandardCharsets.UTF_8))
                    .toOptional()
                    .filter(right.body()::equals)
                    .isPresent();
            if (!same) {
                isRefused(send(right, changed, random.nextBoolean()), i + ": "
                        + new String(changed, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(random.nextBoolean() ? 3 : 300);
        int end = Math.min(bytes.length, at + length);
        byte[] some = new byte[1 + random.nextInt(3)];
        random.nextBytes(some);
        byte[] head = Arrays.copyOf(bytes, at);
        byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
        byte[] between = Arrays.copyOfRange(bytes, at, end);
        return switch (random.nextInt(4)) {
            case 0 -> joined(head, some, Arrays.copyOfRange(bytes, at + 1, bytes.length));
            case 1 -> joined(head, tail);
            case 2 -> joined(head, between, between, tail);
            default -> joined(head, some, between, tail);
        };
    }

    private static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Each member of each object, however deep, is left out, doubled, renamed, and given every odd value. */
    @ParameterizedTest
    @MethodSource("rightRequests")
    void refusesWhateverMembersAreChanged(Right right) {
        String text = StrictJson.write(right.body());
        List<String> variants = new ArrayList<>();
        for (String name : List.of("identity", "binding", "pop", "payload", "signatures", "protected", "signature")) {
            for (int at = text.indexOf("\"" + name + "\":"); at >= 0; at = text.indexOf("\"" + name + "\":", at + 1)) {
                int value = at + name.length() + 3;
                int end = endOfValue(text, value);
                String member = text.substring(at, end);
                variants.add(text.substring(0, at) + text.substring(Math.min(text.length(), end + 1)));
                variants.add(text.substring(0, at) + member + "," + text.substring(at));
                variants.add(text.substring(0, at) + "\"" + name + "\\u0000\":" + text.substring(value));
                variants.add(text.substring(0, at) + "\"__proto__\":" + text.substring(value));
                for (String other : VALUES) {
                    variants.add(text.substring(0, value) + other + text.substring(end));
                }
            }
        }
        assertThat(variants).hasSizeGreaterThan(80);
        for (String variant : variants) {
            isRefused(send(right, variant.getBytes(StandardCharsets.UTF_8), false), variant);
        }
    }

    /** Returns where the value ends that begins there, in JSON without blanks and escapes. */
    private static int endOfValue(String text, int begin) {
        int depth = 0;
        boolean quoted = false;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (!quoted) {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                if (depth < 0 || (depth == 0 && (c == ',' || c == '}' || c == ']' || c == '"'))) {
                    return depth == 0 && c != ',' ? i + 1 : i;
                }
            }
        }
        throw new IllegalArgumentException("no value at " + begin);
    }

    @ParameterizedTest
    @MethodSource("rightRequests")
    void readsHalfAMebibyteAndNoMore(Right right) {
        byte[] right512 = Arrays.copyOf(right.bytes(), 512 * 1024 + 1);
        Arrays.fill(right512, right.bytes().length, right512.length, (byte) ' ');
        for (boolean chunked : List.of(false, true)) {
            send(right, right512, chunked).refuses(413, "TOO_LARGE");
            send(right, new byte[2_000_000], chunked).refuses(413, "TOO_LARGE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0000", "\uFEFF{}", "[]", "null", "0", "\"a\"", "{", "{}{}", "{'a':1}", "a=b&c=d",
        "<a/>", "{\"a\":1,}", "{\"a\":1,\"a\":1}", "{\"a\":NaN}", "{\"a\":01}"})
    void takesNothingButAnObject(String body) {
        rightRequests().forEach(right -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            isRefused(send(right, bytes, false), body);
            isRefused(send(right, bytes, true), body);
            byte[] wide = body.getBytes(StandardCharsets.UTF_16);
            isRefused(send(right, wide, false), body + " in UTF-16");
        });
    }

    /** What it is called matters to nobody; what it is packed in is not unpacked. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/xml", "x"})
    void readsStrictJsonWhateverItIsCalled(String type) {
        rightRequests().forEach(right -> {
            byte[] body = StrictJson.write(right.body().without("payload").without("binding"))
                    .getBytes(StandardCharsets.UTF_8);
            isRefused(server.send(right.method(), right.target(), right.token(), body, false, type), type);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "%2e%2e", "%252e%252e", "a%00@example.org", "mallory%2540example.org",
        "mallory%40example.org%00", "mallory@example.org;x=y", "mallory@example.org%3Bx", "mallory@example.org%2F",
        "mallory@example.org%5C", "%6Dallory@example.org%20", "MALLORY@example.org", "mallory@EXAMPLE.ORG", "@", "%",
        "%zz", "%c0%af", "%ff", "mallory@example.org.", "mallory%EF%BC%A0example.org", "..%2fmallory@example.org",
        "%0d%0aX: y", "mallory@example.org/../../identities"})
    void takesNoOddPaths(String handle) {
        JsonObject body = rightRequests().skip(1).findFirst().orElseThrow().body();
        for (String request : List.of("GET " + HANDLES + handle, "PUT " + BINDINGS + "/" + handle + "/1",
                "PUT " + BINDINGS + "/" + handle + "/1;a=b", "PUT " + IDENTITIES + handle + "/ops/1",
                "GET " + IDENTITIES + handle, "GET /.well-known/webfinger?resource=acct:" + handle,
                "GET /_signet//ns/v1/handles/" + handle, "GET " + HANDLES + handle + "/")) {
            String text = StrictJson.write(body);
            String answer = server.raw(request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + owner.token() + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            assertThat(answer).as(request).containsPattern("\\AHTTP/1\\.1 4(00|04|05) ");
            assertThat(answer).as(request).containsPattern("\"(code|errcode)\":\"[A-Z_]+\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW", "get", "POST", "PUT"})
    void takesNoOtherMethods(String method) {
        List<String> paths = new ArrayList<>(List.of(HANDLES + "mallory@example.org",
                IDENTITIES + owner.identity().id(), "/.well-known/signet", "/.well-known/webfinger?resource=acct:x"));
        if (!method.equals("POST")) {
            paths.add(BINDINGS);
        }
        if (!method.equals("PUT")) {
            paths.add(BINDINGS + "/mallory@example.org/1");
            paths.add(IDENTITIES + owner.identity().id() + "/ops/1");
        }
        for (String path : paths) {
            String answer = server.raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + owner.token() + "\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(answer).as(method + " " + path).containsPattern("\\AHTTP/1\\.1 (400|404|405|501) ");
            assertThat(answer).as(method + " " + path).contains("\"errcode\":\"M_");
        }
    }

    /** In chunks, and whatever they are called, the requests of which the others are made are right. */
    @Test
    void takesTheRightOnes() {
        rightRequests().forEach(right -> {
            server.send(right.method(), right.target(), right.token(), right.bytes(), true, "text/plain").is(201);
            if (right.target().startsWith(IDENTITIES)) {
                owner.keep(Jws.of(right.body()).orElseThrow());
            }
        });
        before = rows();
    }
}
