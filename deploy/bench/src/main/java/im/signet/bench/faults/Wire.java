package im.signet.bench.faults;

import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The way to the servers, which says of each request whether it can have been done. Safe for use by several threads. */
final class Wire implements AutoCloseable {

    private static final Duration CONNECTING = Duration.ofSeconds(2);
    private static final Duration ANSWERING = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .build();
    private final List<URI> servers;

    Wire(List<URI> servers) {
        this.servers = List.copyOf(servers);
    }

    /** What came of a request. */
    sealed interface Reply {

        /** The server answered. */
        record Answered(int status, String body) implements Reply {

            /** Returns the body, or an empty object where it is none. */
            JsonObject json() {
                return StrictJson.parseObject(body).isOk()
                        ? StrictJson.parseObject(body).orElseThrow()
                        : JsonObject.of();
            }

            boolean isGood() {
                return status >= 200 && status < 300;
            }
        }

        /** It did not reach the server. */
        record NotSent() implements Reply {}

        /** It was sent, and no answer came. */
        record Lost() implements Reply {}
    }

    /** A request. */
    record Call(String method, String path, String token, String body, String type) {

        static Call get(String path, String token) {
            return new Call("GET", path, token, "", "application/json");
        }

        static Call post(String path, String token, JsonObject body) {
            return new Call("POST", path, token, StrictJson.write(body), "application/json");
        }

        static Call put(String path, String token, JsonObject body) {
            return new Call("PUT", path, token, StrictJson.write(body), "application/json");
        }

        static Call form(String path, String encoded) {
            return new Call("POST", path, "", encoded, "application/x-www-form-urlencoded");
        }
    }

    /** Returns how many servers there are. */
    int servers() {
        return servers.size();
    }

    /** Returns where a server is. */
    URI url(int server) {
        return servers.get(server % servers.size());
    }

    /** Sends a request to one of the servers. */
    Reply send(int server, Call call) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(server).resolve(call.path()))
                .timeout(ANSWERING)
                .header("Content-Type", call.type())
                .method(call.method(), call.body().isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(call.body()));
        if (!call.token().isEmpty()) {
            request.header("Authorization", "Bearer " + call.token());
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply.Answered(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException nobodyThere) {
            return new Reply.NotSent();
        } catch (IOException broken) {
            return new Reply.Lost();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
