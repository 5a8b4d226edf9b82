package im.signet.standalone;

import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.ScriptedSmtpServer;
import im.signet.demo.SmtpStage;
import im.signet.demo.SmtpTransaction;
import im.signet.demo.walk.PageForm;
import im.signet.demo.walk.ServerProcess;
import im.signet.names.registration.InviteCodes;
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
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged server in a process of its own, with every logger at TRACE, through all that people and attackers do with it.
 * Afterwards none of the secrets that it was given stands in its log, in its database's log, in its metrics or in the body of
 * an error.
 */
class NoSecretInAnyLogIT {

    private static final String V2 = "/_matrix/identity/v2";
    private static final String NS = "/_signet/ns/v1";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int PEOPLE = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern LINK = Pattern.compile("http://localhost:\\d+/\\S+");

    @TempDir
    Path folder;

    private final Canaries canaries = new Canaries();
    private final List<String> errorBodies = new ArrayList<>();
    private final int port = ServerProcess.freePort();
    private final int managementPort = ServerProcess.freePort();
    private final ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
    private final SmsGateway gateway = SmsGateway.start();

    private Path config(DemoAuthority authority, String format) throws IOException {
        authority.writeCaFile(folder.resolve("ca.pem"));
        String password = canaries.plant("mail password", "canary-mail-pass/word+1");
        String key = canaries.plant("gateway key", "canary-gateway-key-8d1f");
        smtp.offerStartTls(authority.serverContext("127.0.0.1")).demandAuth("canary-user", password);
        return Files.writeString(folder.resolve("signet.yaml"), """
                server: {port: %1$d, address: 127.0.0.1}
                management.server.port: %7$d
                spring.mvc.log-request-details: true
                logging.structured.format.console: %8$s
                logging.level: {root: TRACE, im.signet: TRACE, org: TRACE, org.springframework: TRACE, \
                org.springframework.web.servlet.PageNotFound: TRACE, org.springframework.security: TRACE, \
                org.apache.tomcat: TRACE, org.apache.catalina: TRACE, org.apache.coyote: TRACE, org.apache.hc: TRACE, \
                org.apache.hc.client5.http.wire: TRACE, org.apache.hc.client5.http.headers: TRACE, org.postgresql: TRACE, \
                org.springframework.jdbc.core: TRACE, org.eclipse.angus: TRACE, jakarta.mail: TRACE, com.zaxxer: TRACE, \
                org.flywaydb: TRACE, com.github.kagkarlsson: TRACE, org.thymeleaf: TRACE, org.xbill: TRACE, jdk: TRACE, \
                java: TRACE, sun: TRACE, javax: TRACE}
                signet:
                  server-name: localhost:%1$d
                  public-url: http://localhost:%1$d
                  data-dir: %2$s/data
                  mail: {host: 127.0.0.1, port: %3$d, security: starttls, username: canary-user, password: %4$s, \
                from: signet@example.org, ca-file: %2$s/ca.pem}
                  sms: {url: "%5$s", headers: {Authorization: %6$s}, countries: [GB], \
                body: '{"to":"{to}","text":"{text}"}'}
                  federation: {allow-addresses: [127.0.0.0/8, "::1"], ca-file: %2$s/ca.pem}
                  lookup.algorithms: [sha256, none]
                  invitation.web-client-hosts: [app.example.org]
                  validation.next-link-hosts: [app.example.org]
                  names: {domains: [example.org], registration: invite}
                  terms.policies.privacy: {version: "1", en: {name: Privacy, url: "https://example.org/privacy"}}
                """.formatted(port, folder, smtp.port(), password, gateway.url(), key,
                managementPort, format));
    }

    /** Somebody with an IP address and secrets of their own. */
    private final class Somebody {

        final UserId user;
        final String email;
        final String secret;
        private final String proxied;
        private final HttpClient http;
        private String token = "";
        private String handle = "";
        private String nextBinding = "";

        Somebody(DemoHomeserver homeserver, int number) {
            user = homeserver.register("user" + number);
            email = canaries.plant("e-mail address", "canary+mail" + number + "@example.org");
            secret = canaries.plant("client secret", "canary.client=secret-" + (7000 + number));
            String ip = canaries.plant("IP address", "127." + (101 + number) + ".31." + (40 + number));
            proxied = canaries.plant("forwarded IP address", "203.0.113." + (100 + number));
            http = HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(ip)).build();
        }

        HttpResponse<String> send(String method, String target, String body, String type)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                    .timeout(PATIENCE)
                    .header("Content-Type", type)
                    .header("X-Forwarded-For", proxied)
                    .header("Forwarded", "for=" + proxied)
                    .method(method, body.isEmpty()
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 400) {
                // By the specification, M_INVALID_PEPPER tells which pepper is the right one.
                errorBodies.add(answer.body().replaceAll("\"lookup_pepper\":\"[^\"]*\"", ""));
            }
            return answer;
        }

        HttpResponse<String> get(String target) throws IOException, InterruptedException {
            return send("GET", target, "", "application/json");
        }

        HttpResponse<String> post(String target, String json) throws IOException, InterruptedException {
            return send("POST", target, json, "application/json");
        }

        JsonObject ok(HttpResponse<String> answer) {
            assertThat(answer.statusCode()).as(answer.request() + answer.body()).isEqualTo(200);
            return StrictJson.parseObject(answer.body()).orElseThrow();
        }

        void register(JsonObject openId) throws IOException, InterruptedException {
            canaries.plant("OpenID token", openId.string("access_token").orElseThrow());
            token = canaries.plant("access token", ok(post(V2 + "/account/register", StrictJson.write(openId)))
                    .string("token")
                    .orElseThrow());
            assertThat(get(V2 + "/account").statusCode()).isEqualTo(403);
            ok(post(V2 + "/terms", "{\"user_accepts\":[\"https://example.org/privacy\"]}"));
            ok(get(V2 + "/account?access_token=" + token));
        }

        /** Proves the e-mail address on the page that the mail links to. */
        String proveByMail(String clientSecret) throws Exception {
            ok(post(V2 + "/validate/email/requestToken", "{\"client_secret\":\"" + clientSecret + "\",\"email\":\""
                    + email + "\",\"send_attempt\":1,\"next_link\":\"https://app.example.org/"
                    + canaries.plant("next_link", "canary-next-" + clientSecret) + "\"}"));
            URI link = URI.create(linksIn(messageTo(email, "client_secret=" + encoded(clientSecret))).getFirst());
            Map<String, String> mailed = parameters(link.getRawQuery());
            String sid = canaries.plant("session id", mailed.getOrDefault("sid", ""));
            String code = canaries.plant("mailed token", mailed.getOrDefault("token", ""));
            String wrong = canaries.plant("wrong token", "canary-wrong-token-" + clientSecret);
            post(V2 + "/validate/email/submitToken", proof(sid, clientSecret, "token", wrong));
            send("POST", "/_signet/validate/confirm", "sid=" + sid + "&token=" + wrong + "&client_secret="
                    + clientSecret, "application/x-www-form-urlencoded");
            get(V2 + "/validate/email/submitToken?sid=" + sid + "&client_secret=" + clientSecret + "&token=" + wrong);
            PageForm form = PageForm.in(get(link.getRawPath() + "?" + link.getRawQuery()).body()).getFirst();
            HttpResponse<String> confirmed = send("POST", form.action(), form.encoded(),
                    "application/x-www-form-urlencoded");
            assertThat(confirmed.statusCode()).as(confirmed.body()).isIn(200, 302, 303);
            ok(post(V2 + "/validate/email/submitToken", proof(sid, clientSecret, "token", code)));
            ok(get(V2 + "/3pid/getValidated3pid?sid=" + sid + "&client_secret=" + clientSecret));
            return sid;
        }

        void publish() throws Exception {
            String sid = proveByMail(secret);
            ok(post(V2 + "/3pid/bind", proof(sid, secret, "mxid", user.value())));
        }

        void publishNumber(int number) throws IOException, InterruptedException {
            String national = canaries.plant("phone number", "74004" + (20_000 + number));
            JsonObject begun = ok(post(V2 + "/validate/msisdn/requestToken", "{\"client_secret\":\"" + secret
                    + "\",\"country\":\"GB\",\"phone_number\":\"0" + national + "\",\"send_attempt\":1}"));
            String sid = canaries.plant("session id", begun.string("sid").orElseThrow());
            String code = canaries.plant("code", gateway.awaitCode());
            post(V2 + "/validate/msisdn/submitToken", proof(sid, secret, "token", code.equals("314159")
                    ? "314160"
                    : canaries.plant("wrong code", "314159")));
            ok(post(V2 + "/validate/msisdn/submitToken", proof(sid, secret, "token", code)));
            ok(post(V2 + "/3pid/bind", proof(sid, secret, "mxid", user.value())));
        }

        void lookUp(String somebodysAddress) throws IOException, InterruptedException {
            Pepper pepper = Pepper.of(ok(get(V2 + "/hash_details")).string("lookup_pepper").orElseThrow());
            canaries.plant("pepper", pepper.value());
            String hit = canaries.plant("lookup hash", LookupHash.of(Medium.EMAIL, somebodysAddress, pepper).value());
            String miss = canaries.plant("lookup hash of nobody",
                    LookupHash.of(Medium.EMAIL, "nobody." + somebodysAddress, pepper).value());
            assertThat(ok(post(V2 + "/lookup", "{\"algorithm\":\"sha256\",\"pepper\":\"" + pepper.value()
                    + "\",\"addresses\":[\"" + hit + "\",\"" + miss + "\"]}")).object("mappings")
                    .orElseThrow()
                    .string(hit)).isPresent();
            ok(post(V2 + "/lookup", "{\"algorithm\":\"none\",\"pepper\":\"" + pepper.value() + "\",\"addresses\":[\""
                    + somebodysAddress + " email\",\"nobody." + somebodysAddress + " email\"]}"));
            post(V2 + "/lookup", "{\"algorithm\":\"sha256\",\"pepper\":\"wrong\",\"addresses\":[\"" + hit + "\"]}");
        }

        /** Registers a handle after two attempts without its code, renews it, and looks at it and at others. */
        void takeAHandle(String invite, int number) throws IOException, InterruptedException {
            JwsSigner phone = JwsSigner.generate(RANDOM);
            JwsSigner recovery = JwsSigner.generate(RANDOM);
            long now = Clock.systemUTC().instant().getEpochSecond();
            Jws genesis = Operation.genesis(HandleDomain.of("example.org"), List.of(recovery.key()), phone.key(),
                    Rnd.generate(RANDOM), now).sign(phone, recovery);
            Identity identity = Identity.genesis(genesis).orElseThrow();
            handle = canaries.plant("handle", "canary-handle-" + number + "@example.org");
            Jws first = Binding.first(Handle.of(handle), identity, now, Rnd.generate(RANDOM)).sign(phone);
            JsonObject challenge = created(post(NS + "/challenges", "{}"));
            String nonce = canaries.plant("nonce", challenge.string("nonce").orElseThrow());
            String audience = challenge.string("audience").orElseThrow();
            Jws proof = new ProofOfPossession(new ProofOfPossession.Request(audience,
                    new ProofOfPossession.Nonce(nonce), first.opId(), ProofOfPossession.Method.POST,
                    audience + NS + "/bindings"), now).sign(phone);
            canaries.plant("proof of possession", ((JsonObject) proof.toJson()
                    .array("signatures")
                    .orElseThrow()
                    .items()
                    .getFirst()).string("signature").orElseThrow());
            JsonObject request = JsonObject.builder()
                    .put("identity", JsonArray.of(List.of(genesis.toJson())))
                    .put("binding", first.toJson())
                    .put("pop", proof.toJson())
                    .build();
            String wrong = canaries.plant("wrong invitation code", "canary-wrong-invite-" + number);
            assertThat(post(NS + "/bindings", StrictJson.write(request)).statusCode()).isEqualTo(403);
            assertThat(post(NS + "/bindings", StrictJson.write(request.with("invite", new JsonString(wrong))))
                    .statusCode()).isEqualTo(403);
            created(post(NS + "/bindings", StrictJson.write(request.with("invite", new JsonString(invite)))));
            Binding renewal = SignedBinding.verify(first, identity)
                    .orElseThrow()
                    .renew(identity, now, Rnd.generate(RANDOM));
            String at = NS + "/bindings/" + handle + "/1";
            assertThat(send("PUT", at, StrictJson.write(renewal.sign(recovery).toJson()), "application/json")
                    .statusCode()).isEqualTo(422);
            Jws renewed = renewal.sign(phone);
            created(send("PUT", at, StrictJson.write(renewed.toJson()), "application/json"));
            nextBinding = StrictJson.write(SignedBinding.verify(renewed, identity)
                    .orElseThrow()
                    .renew(identity, now, Rnd.generate(RANDOM))
                    .sign(phone)
                    .toJson());
            String nobodys = canaries.plant("handle of nobody", "canary-nobody-" + number + "@example.org");
            ok(get(NS + "/handles/" + handle));
            ok(get("/.well-known/webfinger?resource=acct:" + encoded(handle)));
            ok(get(NS + "/identities/" + canaries.plant("identity", identity.id().value())));
            for (String asked : List.of(nobodys, nobodys + "%00", nobodys.toUpperCase(Locale.ROOT), nobodys + ";a=b")) {
                get(NS + "/handles/" + asked);
                get("/.well-known/webfinger?resource=acct:" + asked);
                send("PUT", NS + "/bindings/" + asked + "/1", StrictJson.write(first.toJson()), "application/json");
                send("PUT", NS + "/bindings/" + asked + "/1", "{\"payload\":\"" + nobodys, "application/json");
                post(NS + "/bindings", StrictJson.write(request.with("invite", new JsonString(asked.repeat(9)))));
            }
        }

        private JsonObject created(HttpResponse<String> answer) {
            assertThat(answer.statusCode()).as(answer.request() + answer.body()).isEqualTo(201);
            return StrictJson.parseObject(answer.body()).orElseThrow();
        }

        /** Invites an address and opens everything that its mail links to. */
        void invite(String address) throws Exception {
            JsonObject stored = ok(post(V2 + "/store-invite", "{\"medium\":\"email\",\"address\":\"" + address
                    + "\",\"room_id\":\"!room:example.org\",\"sender\":\"" + user
                    + "\",\"org.matrix.web_client_location\":\"https://app.example.org\"}"));
            String invitation = canaries.plant("invitation token", stored.string("token").orElseThrow());
            String mail = messageTo(address, "");
            for (String link : linksIn(mail)) {
                URI url = URI.create(link);
                parameters(url.getRawQuery())
                        .forEach((name, value) -> canaries.plant("invitation link " + name, value));
                get(url.getRawPath() + "?" + url.getRawQuery());
            }
            Matcher key = Pattern.compile("private_key%3D([0-9A-Za-z%_-]+)").matcher(mail);
            assertThat(key.find()).as(mail).isTrue();
            String privateKey = canaries.plant("private key of an invitation",
                    decoded(decoded(key.group(1)).replaceAll("&.*", "")));
            ok(post(V2 + "/sign-ed25519", "{\"mxid\":\"" + user + "\",\"token\":\"" + invitation
                    + "\",\"private_key\":\"" + privateKey + "\"}"));
            ok(send("POST", V2 + "/sign-ed25519?mxid=" + encoded(user.value()) + "&token=" + invitation
                    + "&private_key=" + encoded(privateKey), "", "application/json"));
            post(V2 + "/sign-ed25519", "{\"mxid\":\"" + user + "\",\"token\":\"" + invitation
                    + "\",\"private_key\":\"" + canaries.plant("no key", "canary/no+key") + "\"}");
        }

        /** Looks at what is kept, has the link sent that confirms, and is erased. */
        void leave() throws Exception {
            URI link = URI.create(ok(post("/_signet/terms/manage", "")).string("url").orElseThrow());
            canaries.plant("link to the overview", parameters(link.getRawQuery()).getOrDefault("token", ""));
            PageForm open = PageForm.in(get(link.getRawPath() + "?" + link.getRawQuery()).body()).getFirst();
            HttpResponse<String> overview = send("POST", open.action(), open.encoded(), FORM);
            String view = canaries.plant("secret of a view", PageForm.in(overview.body())
                    .getLast()
                    .fields()
                    .getOrDefault("view", ""));
            assertThat(view).hasSize(43);
            String fields = "view=" + view + "&ending=erased";
            Matcher address = Pattern.compile("name=\"address\"[^>]* value=\"([^\"]+)\"")
                    .matcher(send("POST", "/_signet/terms/manage/end", fields, FORM).body());
            assertThat(address.find()).isTrue();
            send("POST", "/_signet/terms/manage/end/send", fields + "&address=" + encoded(address.group(1)), FORM);
            URI confirmation = linksIn(messageTo(email, "/_signet/terms/end?")).stream()
                    .filter(each -> each.contains("/_signet/terms/end?"))
                    .map(URI::create)
                    .findFirst()
                    .orElseThrow();
            canaries.plant("link that confirms", parameters(confirmation.getRawQuery()).getOrDefault("token", ""));
            String wrong = canaries.plant("wrong link", "canary-wrong-link-" + "A".repeat(25));
            get("/_signet/terms/end?token=" + wrong);
            send("POST", "/_signet/terms/end/confirm", "token=" + wrong, FORM);
            PageForm confirm = PageForm.in(get(confirmation.getRawPath() + "?" + confirmation.getRawQuery()).body())
                    .getFirst();
            assertThat(send("POST", confirm.action(), confirm.encoded(), FORM).statusCode()).isEqualTo(200);
            assertThat(get(V2 + "/account").statusCode()).isEqualTo(401);
            send("POST", confirm.action(), confirm.encoded(), FORM);
            send("POST", "/_signet/terms/manage/view", fields, FORM);
        }

        /** Sends what no client would. */
        void attack(int number) throws IOException, InterruptedException {
            String mine = canaries.plant("attacked with", "canary-attack-" + number + "-6b1e@example.org");
            for (String body : List.of("{\"email\":\"" + mine, "[\"" + mine + "\"]", mine,
                    "{\"client_secret\":\"" + mine
                            + "\"}",
                    "{\"client_secret\":\"" + secret + "\",\"email\":\"" + mine + "@" + mine
                            + "\",\"send_attempt\":1}",
                    "{\"a\":\"" + mine + "\",\"a\":1}", "{\"client_secret\":\"" + secret + "\",\"email\":\"" + mine
                            + "\",\"send_attempt\":\"" + mine + "\",\"next_link\":\"javascript:" + mine + "\"}")) {
                assertThat(post(V2 + "/validate/email/requestToken", body).statusCode()).isEqualTo(400);
                post(V2 + "/account/register", body);
                post(V2 + "/3pid/bind", body);
                post(V2 + "/lookup", body);
                post(V2 + "/3pid/unbind", body);
                send("POST", "/_signet/validate/confirm", body, "application/x-www-form-urlencoded");
                send("POST", V2 + "/terms", body, mine);
            }
            for (String target : List.of("/" + encoded(mine), V2 + "/" + encoded(mine), V2 + "/pubkey/" + encoded(mine),
                    NS + "/handles/" + encoded(mine), NS + "/identities/" + encoded(mine),
                    V2 + "//account?access_token=" + encoded(mine), V2 + "/account;jsessionid=" + encoded(mine),
                    V2 + "/account?access_token=" + encoded(mine), V2 + "/account?access_token=" + encoded(mine)
                            + "&access_token=2",
                    "/x".repeat(3000) + encoded(mine), "/_signet/invitation?token=" + encoded(mine),
                    "/_signet/terms/" + encoded(mine) + "/1/en")) {
                get(target);
            }
            for (String request : List.of("GET /" + mine + "{}|?access_token=" + mine + " HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: " + mine + "\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + mine + "\u0001\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + mine + " , x\r\n\r\n",
                    "GET " + V2 + "/account?token=%zz" + mine + " HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET " + V2 + "/validate/email/submitToken?token=%zz" + mine + " HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: x\r\n" + mine + "\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: x\r\nCookie: a=\"" + mine + "\u00ff; b\r\n\r\n",
                    "GET " + V2 + "/account HTTP/1.1\r\nHost: x\r\nX: " + mine.repeat(1000) + "\r\n\r\n",
                    "POST " + V2 + "/terms HTTP/1.1\r\nHost: x\r\nContent-Length: " + mine + "\r\n\r\n",
                    "POST " + V2 + "/terms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + mine + "\r\n\r\n",
                    "POST /_signet/validate/confirm HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded"
                            + "\r\nContent-Length: " + (mine.length() + 9) + "\r\n\r\ntoken=%zz" + mine,
                    mine + " / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / " + mine + "\r\nHost: x\r\n\r\n", mine + "\r\n\r\n",
                    "\u0016\u0003\u0001" + mine + "\r\n\r\n")) {
                raw(request);
            }
        }

        private void raw(String request) throws IOException {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                errorBodies.add(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String proof(String sid, String secret, String name, String value) {
        return "{\"sid\":\"" + sid + "\",\"client_secret\":\"" + secret + "\",\"" + name + "\":\"" + value + "\"}";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            parameters.put(pair.substring(0, pair.indexOf('=')), decoded(pair.substring(pair.indexOf('=') + 1)));
        }
        return parameters;
    }

    private static <T> T await(String what, Callable<Stream<T>> question) throws Exception {
        for (long i = PATIENCE.toMillis() / 20; i > 0; i--) {
            List<T> answers = question.call().toList();
            if (!answers.isEmpty()) {
                return answers.getLast();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("there is no " + what);
    }

    /** Returns the mail to that address with those words in it, less the line breaks that it was sent with. */
    private String messageTo(String address, String words) throws Exception {
        return await("mail", () -> smtp.accepted()
                .stream()
                .filter(sent -> sent.recipients().contains(address))
                .map(NoSecretInAnyLogIT::text)
                .filter(text -> text.contains(words)));
    }

    private static String text(SmtpTransaction sent) {
        String message = sent.message();
        return message.contains("quoted-printable") ? message.replace("=\r\n", "").replace("=3D", "=") : message;
    }

    private static List<String> linksIn(String mail) {
        String text = mail.substring(0, mail.indexOf("text/html"));
        return LINK.matcher(text).results().map(link -> link.group()).filter(link -> link.contains("?")).toList();
    }

    private void plantKeys() throws IOException {
        canaries.plant("database password", Files.readString(folder.resolve("data/postgres-password")).strip());
        try (Stream<Path> files = Files.list(folder.resolve("data/keys"))) {
            for (Path file : files.filter(name -> name.toString().endsWith(".keys")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    canaries.plant("key in " + file.getFileName(), line.substring(line.indexOf(' ') + 1).strip());
                }
            }
        }
    }

    /** Returns a connection to the server's database, as its superuser. */
    private Connection database() throws IOException, SQLException {
        List<String> postmaster = Files.readAllLines(folder.resolve("data/postgres/postmaster.pid"));
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postmaster.get(3).strip() + "/signet", "signet",
                Files.readString(folder.resolve("data/postgres-password")).strip());
    }

    private String inviteToAHandle() throws IOException, SQLException {
        try (Connection connection = database()) {
            return InviteCodes.create(connection, RANDOM);
        }
    }

    private void sql(String... statements) throws IOException, SQLException {
        try (Connection connection = database(); Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    /** Makes handlers crash where they hold secrets: by rows that the database refuses, and by tables that are gone. */
    private void breakDown(Somebody somebody, Somebody another) throws Exception {
        String unbindable = canaries.plant("client secret", "canary.broken.bind");
        String sid = another.proveByMail(unbindable);
        sql("ALTER TABLE identity.validation_session ADD CONSTRAINT broken CHECK (next_link IS NULL) NOT VALID",
                "ALTER TABLE identity.association ADD CONSTRAINT broken CHECK (false) NOT VALID",
                "ALTER TABLE identity.invitation ADD CONSTRAINT broken CHECK (false) NOT VALID",
                "ALTER TABLE names.binding ADD CONSTRAINT broken CHECK (false) NOT VALID");
        assertThat(somebody.send("PUT", NS + "/bindings/" + somebody.handle + "/2", somebody.nextBinding,
                "application/json").statusCode()).isEqualTo(500);
        String secret = canaries.plant("client secret", "canary.broken.secret");
        HttpResponse<String> crashed = somebody.post(V2 + "/validate/email/requestToken", "{\"client_secret\":\""
                + secret + "\",\"email\":\"" + somebody.email + "\",\"send_attempt\":1,\"next_link\":\"https://x.y/"
                + canaries.plant("next_link", "canary-broken-next") + "\"}");
        assertThat(crashed.statusCode()).isEqualTo(500);
        assertThat(crashed.body()).contains("M_UNKNOWN");
        assertThat(somebody.post(V2 + "/store-invite", "{\"medium\":\"email\",\"address\":\""
                + canaries.plant("address", "canary.broken.invite@example.org")
                + "\",\"room_id\":\"!room:example.org\",\"sender\":\"" + somebody.user + "\"}").statusCode())
                .isEqualTo(500);
        assertThat(another.post(V2 + "/3pid/bind", proof(sid, unbindable, "mxid", another.user.value())).statusCode())
                .isEqualTo(500);
    }

    private void breakDownForGood(Somebody somebody) throws Exception {
        sql("ALTER TABLE names.binding RENAME TO gone");
        assertThat(somebody.get(NS + "/handles/" + canaries.plant("handle", "canary-broken@example.org"))
                .statusCode()).isEqualTo(500);
        sql("ALTER TABLE identity.lookup_entry RENAME TO gone",
                "ALTER TABLE identity.validation_session RENAME TO gone2");
        assertThat(somebody.get(V2 + "/3pid/getValidated3pid?sid=" + canaries.plant("session id", "canary_gone_sid")
                + "&client_secret=" + somebody.secret).statusCode()).isEqualTo(500);
        sql("DROP SCHEMA terms CASCADE");
        assertThat(somebody.get(V2 + "/account?access_token=" + somebody.token).statusCode()).isEqualTo(500);
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'signet' AND pid <> pg_backend_pid()");
        somebody.get(V2 + "/hash_details");
    }

    private String metrics() throws IOException, InterruptedException {
        HttpResponse<String> metrics = HttpClient.newHttpClient()
                .send(HttpRequest
                        .newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"))
                        .timeout(PATIENCE)
                        .build(), HttpResponse.BodyHandlers.ofString());
        assertThat(metrics.statusCode()).isEqualTo(200);
        return metrics.body();
    }

    /** As text, which is the default, and as JSON. */
    @ParameterizedTest
    @ValueSource(strings = {"", "ecs"})
    void holdsWhateverTheLevels(String format) throws Exception {
        DemoAuthority authority = DemoAuthority.create();
        Path log;
        String metrics;
        try (DemoHomeserver homeserver = DemoHomeserver.start(authority);
                ServerProcess server = ServerProcess.start(Path.of("target", "signet.jar"), config(authority, format),
                        port)) {
            log = server.log();
            plantKeys();
            List<Somebody> people = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) {
                Somebody somebody = new Somebody(homeserver, i);
                people.add(somebody);
                somebody.register(homeserver.openId(somebody.user));
                somebody.publish();
                somebody.publishNumber(i);
                somebody.lookUp(people.get(i / 2).email);
                somebody.invite(canaries.plant("invited address", "canary.friend" + i + "@example.org"));
                somebody.takeAHandle(canaries.plant("invitation code", inviteToAHandle()), i);
                somebody.attack(i);
            }
            people.getLast().leave();
            // What others refuse quotes what they were told.
            smtp.answerOnce(SmtpStage.RCPT, "550 5.1.1 <canary.refused@example.org>: no such user");
            Somebody first = people.getFirst();
            first.ok(first.post(V2 + "/validate/email/requestToken",
                    "{\"client_secret\":\"canary.refused\",\"email\":\""
                            + canaries.plant("refused address", "canary.refused@example.org")
                            + "\",\"send_attempt\":1}"));
            await("refusal", () -> smtp.commands().stream().filter(command -> command.contains("canary.refused@")));
            homeserver.stopAnswering();
            assertThat(first.post(V2 + "/account/register", "{\"access_token\":\""
                    + canaries.plant("OpenID token", "canary-openid-of-nobody")
                    + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"matrix_server_name\":\""
                    + homeserver.serverName() + "\"}").statusCode()).isGreaterThanOrEqualTo(400);
            breakDown(first, people.get(1));
            breakDownForGood(first);
            metrics = metrics();
        } finally {
            smtp.close();
            gateway.close();
        }
        assertThat(canaries.count()).isGreaterThanOrEqualTo(280);
        assertThat(errorBodies).hasSizeGreaterThan(200);
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(said).as("it is as loud as can be").contains("delivered a letter").contains("a request failed");
        assertThat(canaries.foundIn(said)).as("in the server's log").isEmpty();
        if (!format.isEmpty()) {
            assertIsJson(said);
        }
        assertThat(canaries.foundIn(Files.readString(folder.resolve("data/postgres.log"), StandardCharsets.ISO_8859_1)))
                .as("in the database's log")
                .isEmpty();
        assertThat(metrics).contains("http_server_requests_seconds_count");
        assertThat(canaries.foundIn(metrics)).as("in the metrics").isEmpty();
        assertThat(canaries.foundIn(String.join("\n", errorBodies))).as("in the bodies of errors").isEmpty();
        assertThat(errorBodies).as("Sydent 1.0.3: tracebacks")
                .noneMatch(body -> body.contains("\tat ") || body.contains("Exception") || body.contains("im.signet."));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.startsWith("hs_err")))
                    .isEmpty();
        }
        // And the very same search finds one that is there.
        String planted = HexFormat.of().formatHex("canary+mail0@example.org".getBytes(StandardCharsets.UTF_8));
        assertThat(canaries.foundIn(said + planted)).containsExactly("e-mail address in hexadecimal");
    }

    // But for what the launcher says before there is a log.
    private static void assertIsJson(String log) {
        List<JsonObject> lines = log.lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> StrictJson.parseObject(line).orElseThrow())
                .toList();
        assertThat(lines).hasSizeGreaterThan(100);
        assertThat(log.lines().filter(line -> !line.startsWith("{"))).hasSizeLessThan(5);
        assertThat(lines.stream()
                .filter(line -> line.string("event_template").equals(Optional.of("a request failed: {}"))))
                .isNotEmpty()
                .allMatch(line -> line.string("request_id").filter(id -> id.matches("[0-9a-f]{32}")).isPresent());
    }
}
