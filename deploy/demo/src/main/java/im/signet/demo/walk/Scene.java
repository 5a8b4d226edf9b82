package im.signet.demo.walk;

import im.signet.client.AccessToken;
import im.signet.client.ClientOptions;
import im.signet.client.HandleDirectory;
import im.signet.client.Homeserver;
import im.signet.client.IdentityServer;
import im.signet.client.jdk.JdkTransport;
import im.signet.client.transport.Request;
import im.signet.client.transport.RequestListener;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;
import im.signet.demo.CaughtMail;
import im.signet.demo.DemoAuthority;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.MailCatcher;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The servers that the walk goes between, and the ways to talk to them that people have: an app, a browser, a mailbox. */
final class Scene {

    /** The domain of the handles. */
    static final String DOMAIN = "example.org";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] NOTHING = {};

    private final DemoHomeserver homeserver;
    private final MailCatcher mailbox;
    private final URI identityServer;
    private final Narrator narrator;
    private final Transport toHomeserver;
    private final HttpClient browser = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    Scene(DemoAuthority authority, DemoHomeserver homeserver, MailCatcher mailbox, URI identityServer,
            Narrator narrator) {
        this.homeserver = homeserver;
        this.mailbox = mailbox;
        this.identityServer = identityServer;
        this.narrator = narrator;
        this.toHomeserver = JdkTransport.builder().sslContext(authority.clientContext()).build();
    }

    /** Returns the identity server as an app of its own sees it. */
    IdentityServer app() {
        return IdentityServer.at(identityServer, told(), options()).orElseThrow();
    }

    /** Returns the handles of all domains as an app of its own sees them: here, {@code example.org} is this server. */
    HandleDirectory directory() {
        return HandleDirectory.with(told(), options());
    }

    private ClientOptions options() {
        return ClientOptions.defaults().withListener(request -> {
            narrator.note("- " + request.disclosure().inWords());
            return RequestListener.Verdict.SEND;
        }).allowingLoopbackHttp();
    }

    /** Returns the homeserver as an app sees it in which the user is logged in. */
    Homeserver homeserver(UserId user) {
        AccessToken token = AccessToken.parse(homeserver.accessToken(user)).orElseThrow();
        Transport told = request -> tell(request, toHomeserver, "   (to the homeserver)");
        return Homeserver.at(homeserver.baseUrl(), user, token, told, options()).orElseThrow();
    }

    private Transport told() {
        Transport plain = JdkTransport.create();
        return request -> DOMAIN.equals(request.url().getHost())
                ? tell(request, there -> plain.send(elsewhere(there)), "   (played by this server)")
                : tell(request, plain, "");
    }

    private Response tell(Request request, Transport transport, String remark) throws IOException {
        narrator.wire(">", request.method() + " " + request.url() + remark, request.body().orElse(NOTHING));
        Response response = transport.send(request);
        narrator.wire("<", String.valueOf(response.status()), response.body());
        return response;
    }

    private Request elsewhere(Request request) {
        return Request.of(request.method(), identityServer.resolve(request.url().getRawPath()), request.headers());
    }

    /** Returns the identity server as an app sees it of which nothing is told. */
    IdentityServer quietApp() {
        return IdentityServer
                .at(identityServer, JdkTransport.create(), ClientOptions.defaults().allowingLoopbackHttp())
                .orElseThrow();
    }

    CaughtMail mailTo(String address) {
        try {
            return mailbox.awaitMailTo(address, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for mail", e);
        }
    }

    /** Opens a page. */
    String open(URI page) {
        narrator.wire(">", "GET " + page + "   (a browser)");
        HttpResponse<String> response = send(browser, HttpRequest.newBuilder(page).timeout(PATIENCE).build());
        narrator.wire("<", String.valueOf(response.statusCode()), response.body().getBytes(StandardCharsets.UTF_8));
        return response.body();
    }

    /** Presses the button of a form, and returns the page that comes then. */
    String press(PageForm form) {
        URI target = identityServer.resolve(form.action());
        narrator.wire(">", "POST " + target + " " + form.encoded() + "   (a browser)");
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.encoded()))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = send(browser, request);
        narrator.wire("<", String.valueOf(response.statusCode()), response.body().getBytes(StandardCharsets.UTF_8));
        return response.body();
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from " + request.uri().getAuthority(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
