package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

import org.springframework.context.ConfigurableApplicationContext;

/** A server that runs, called over real HTTP. */
public final class TermsServer implements AutoCloseable {

    static final String REGISTER = "/_matrix/identity/v2/account/register";
    static final String ACCOUNT = "/_matrix/identity/v2/account";
    static final String LOGOUT = "/_matrix/identity/v2/account/logout";
    static final String TOKENS = "/_signet/terms/tokens";
    static final String TERMS = "/_matrix/identity/v2/terms";

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;

    TermsServer(ConfigurableApplicationContext context) {
        this.context = context;
        this.base = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /** Returns a part of the server, for tests in its package. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer post(String path, JsonObject body, String... headers) {
        return post(path, StrictJson.write(body), headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the header by which a user shows a token. */
    static String[] bearer(String token) {
        return new String[]{"Authorization", "Bearer " + token};
    }

    /** Returns a new token of that user, got as a client gets it. */
    String tokenOf(DemoHomeserver homeserver, UserId user) {
        return post(REGISTER, homeserver.openId(user)).ok().string("token").orElseThrow();
    }

    Answer account(String token) {
        return get(ACCOUNT, bearer(token));
    }

    Answer accept(String token, String... urls) {
        JsonObject body = JsonObject.builder().put("user_accepts", JsonArray.ofStrings(List.of(urls))).build();
        return post(TERMS, body, bearer(token));
    }

    Answer logout(String token) {
        return post(LOGOUT, "", bearer(token));
    }

    @Override
    public void close() {
        http.close();
        context.close();
    }
}
