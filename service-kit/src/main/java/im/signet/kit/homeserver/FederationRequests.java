package im.signet.kit.homeserver;

import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.signature.FederationRequest;
import im.signet.protocol.signature.FederationRequest.Addressing;
import im.signet.protocol.signature.VerifyKey;
import im.signet.protocol.signature.XMatrix;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells whether a homeserver sent a request, by its X-Matrix signature. See
 * <a href="https://spec.matrix.org/latest/server-server-api/#request-authentication">Server-Server API</a>. Safe for use
 * by many threads.
 */
public final class FederationRequests {

    private static final int MAX_HEADERS = 8;

    private final HomeserverKeys keys;
    private final Set<String> ourNames;

    /**
     * Makes what verifies requests to a server.
     *
     * @param ourNames every name that the server is known by; they may go on with a port and a path
     */
    public FederationRequests(HomeserverKeys keys, Set<String> ourNames) {
        this.keys = keys;
        this.ourNames = Set.copyOf(ourNames);
    }

    /** What a request's X-Matrix headers say. Reasons are safe to log. */
    public sealed interface Check {

        /** The homeserver sent it. */
        record Signed() implements Check {}

        /** The homeserver is said to have sent it to another server. */
        record ForAnother() implements Check {}

        /** Nothing shows that the homeserver sent it. */
        record NotSigned(String reason) implements Check {}

        /** The homeserver's keys could not be had; it may have sent it. */
        record KeysUnreachable(String reason) implements Check {}
    }

    /**
     * Returns whether that homeserver sent the request. One header that shows it is enough; a homeserver of which no header
     * speaks is not asked for its keys.
     *
     * @param headers the values of {@code Authorization}, of whatever scheme
     */
    public Check check(FederationRequest request, ServerName sender, List<String> headers) {
        Check result = new Check.NotSigned("no X-Matrix header is of " + sender);
        for (XMatrix header : headers.stream().limit(MAX_HEADERS).flatMap(FederationRequests::read).toList()) {
            if (header.origin().equals(sender)) {
                result = check(request, header);
                if (result instanceof Check.Signed) {
                    return result;
                }
            }
        }
        return result;
    }

    private static Stream<XMatrix> read(String header) {
        return XMatrix.parse(header).toOptional().stream();
    }

    private Check check(FederationRequest request, XMatrix header) {
        // The destination that the header names; senders from before v1.3 name none, and sign one all the same.
        List<String> destinations = header.destination().map(List::of).orElseGet(() -> List.copyOf(ourNames));
        if (header.destination().filter(name -> ourNames.stream().noneMatch(name::equalsIgnoreCase)).isPresent()) {
            return new Check.ForAnother();
        }
        return switch (keys.key(header.origin(), header.key())) {
            case HomeserverKey.Key(VerifyKey key) -> isSigned(request, header, key, destinations)
                    ? new Check.Signed()
                    : new Check.NotSigned("the signature of " + header.origin() + " is not one of this request");
            case HomeserverKey.Unknown _ ->
                new Check.NotSigned(header.origin() + " does not publish the key that it is said to have signed with");
            case HomeserverKey.Unreachable(String reason) -> new Check.KeysUnreachable(reason);
        };
    }

    private static boolean isSigned(FederationRequest request, XMatrix header, VerifyKey key,
            List<String> destinations) {
        return destinations.stream()
                .anyMatch(destination -> Arrays.stream(Addressing.values())
                        .anyMatch(addressing -> request.isSignedBy(header, key, addressing, destination)));
    }
}
