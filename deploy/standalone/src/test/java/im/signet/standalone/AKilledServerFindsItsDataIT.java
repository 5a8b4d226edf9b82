package im.signet.standalone;

import im.signet.demo.CaughtMail;
import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.demo.walk.PageForm;
import im.signet.demo.walk.ServerProcess;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The packaged server in a process of its own, with its embedded PostgreSQL, killed as by a power failure. */
class AKilledServerFindsItsDataIT {

    private static final Path JAR = Path.of("target", "signet.jar");
    private static final String V2 = "/_matrix/identity/v2";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "";
    private URI base = URI.create("http://localhost");

    private JsonObject call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
        return StrictJson.parseObject(response.body()).orElseThrow();
    }

    private Path configure(int port, int smtpPort) throws IOException {
        return Files.writeString(folder.resolve("signet.yaml"), """
                server: {port: %1$d, address: 127.0.0.1}
                signet:
                  server-name: localhost:%1$d
                  public-url: http://localhost:%1$d
                  data-dir: %2$s/data
                  mail: {host: localhost, port: %3$d, security: none, from: signet@example.org}
                  federation: {allow-addresses: [127.0.0.0/8, "::1"], ca-file: %2$s/ca.pem}
                """.formatted(port, folder, smtpPort));
    }

    private void requestMail(String email) throws IOException, InterruptedException {
        call("POST", V2 + "/validate/email/requestToken",
                "{\"client_secret\":\"" + email.replace('@', '.') + "\",\"email\":\"" + email
                        + "\",\"send_attempt\":1}");
    }

    private void bind(UserId user, String email, CaughtMail mail) throws IOException, InterruptedException {
        URI link = mail.links().getFirst();
        String page = http.send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.ofString()).body();
        PageForm form = PageForm.in(page).getFirst();
        HttpResponse<String> confirmed = http.send(HttpRequest.newBuilder(base.resolve(form.action()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.encoded(), StandardCharsets.UTF_8))
                .build(), HttpResponse.BodyHandlers.ofString());
        assertThat(confirmed.statusCode()).isEqualTo(200);
        call("POST", V2 + "/3pid/bind", "{\"sid\":\"" + form.fields().get("sid") + "\",\"client_secret\":\""
                + email.replace('@', '.') + "\",\"mxid\":\"" + user + "\"}");
    }

    private List<String> lookup(String email) throws IOException, InterruptedException {
        Pepper pepper = Pepper.of(call("GET", V2 + "/hash_details", "").string("lookup_pepper").orElseThrow());
        String hash = LookupHash.of(Medium.EMAIL, email, pepper).value();
        return call("POST", V2 + "/lookup", "{\"algorithm\":\"sha256\",\"pepper\":\"" + pepper.value()
                + "\",\"addresses\":[\"" + hash + "\"]}").object("mappings")
                .orElseThrow()
                .string(hash)
                .stream()
                .toList();
    }

    @Test
    void findsWhatItAcknowledgedAndItsDatabase() throws Exception {
        DemoAuthority authority = DemoAuthority.create();
        authority.writeCaFile(folder.resolve("ca.pem"));
        int port = ServerProcess.freePort();
        try (DemoHomeserver homeserver = DemoHomeserver.start(authority)) {
            MailCatcher mailbox = MailCatcher.start();
            int smtpPort = mailbox.port();
            UserId alice = homeserver.register("alice");
            Path config = configure(port, smtpPort);
            ServerProcess first = ServerProcess.start(JAR, config, port);
            base = first.baseUrl();
            token = call("POST", V2 + "/account/register", StrictJson.write(homeserver.openId(alice))).string("token")
                    .orElseThrow();
            requestMail("alice@example.org");
            bind(alice, "alice@example.org", mailbox.awaitMailTo("alice@example.org", Duration.ofSeconds(30)));
            // With nobody to take it, this mail waits in the outbox.
            mailbox.close();
            requestMail("later@example.org");
            long orphan = postmaster();
            first.kill();
            assertThat(ProcessHandle.of(orphan)).as("the database of a killed server lives on").isPresent();

            try (ServerProcess second = ServerProcess.start(JAR, config, port)) {
                base = second.baseUrl();
                assertThat(call("GET", V2 + "/account", "").string("user_id")).contains(alice.value());
                assertThat(lookup("alice@example.org")).containsExactly(alice.value());
                assertThat(postmaster()).as("the orphan was replaced").isNotEqualTo(orphan);
                cannotRunOutOfCarriers(second.pid());
            }
            ProcessHandle.of(orphan).ifPresent(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
            assertThat(folder.resolve("data/postgres/postmaster.pid")).as("an orderly stop").doesNotExist();
            assertThat(folder.resolve("data/postgres-bin").toFile().list())
                    .as("another version of PostgreSQL would have another name, and be unpacked beside")
                    .containsExactly(archiveName());
        }
    }

    private static String archiveName() throws IOException {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        CRC32 checksum = new CRC32();
        try (InputStream archive = AKilledServerFindsItsDataIT.class
                .getResourceAsStream("/postgres-linux-" + processor + ".txz")) {
            byte[] all = archive.readAllBytes();
            checksum.update(all);
            return "%x-%08x".formatted(all.length, checksum.getValue());
        }
    }

    @Test
    void sendsTheMailThatWaitedWhenItWasKilled() throws Exception {
        DemoAuthority authority = DemoAuthority.create();
        authority.writeCaFile(folder.resolve("ca.pem"));
        int port = ServerProcess.freePort();
        int nobody = ServerProcess.freePort();
        try (DemoHomeserver homeserver = DemoHomeserver.start(authority); MailCatcher mailbox = MailCatcher.start()) {
            UserId bob = homeserver.register("bob");
            try (ServerProcess first = ServerProcess.start(JAR, configure(port, nobody), port)) {
                base = first.baseUrl();
                token = call("POST", V2 + "/account/register", StrictJson.write(homeserver.openId(bob))).string("token")
                        .orElseThrow();
                requestMail("bob@example.org");
                first.kill();
            }
            try (ServerProcess second = ServerProcess.start(JAR, configure(port, mailbox.port()), port)) {
                base = second.baseUrl();
                bind(bob, "bob@example.org", mailbox.awaitMailTo("bob@example.org", Duration.ofSeconds(90)));
                assertThat(lookup("bob@example.org")).containsExactly(bob.value());
            }
        }
    }

    /** Requests need no carrier, and the virtual threads that remain have one each: else a start can end in silence. */
    private static void cannotRunOutOfCarriers(long pid) throws IOException, InterruptedException {
        assertThat(jcmd(pid, "Thread.print")).contains("-exec-1\"").doesNotContain("tomcat-handler");
        assertThat(jcmd(pid, "VM.system_properties")).contains("jdk.virtualThreadScheduler.parallelism=1024",
                "jdk.virtualThreadScheduler.maxPoolSize=1024");
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid), command).redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(output).isZero();
        return output;
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(folder.resolve("data/postgres/postmaster.pid")).getFirst().strip());
    }
}
