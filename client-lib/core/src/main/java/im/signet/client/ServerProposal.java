package im.signet.client;

import im.signet.client.transport.Transport;
import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;

import java.net.URI;

/**
 * An identity server that somebody other than the user has in mind for them: their homeserver, at
 * {@code https://HOST/.well-known/matrix/client}. It is something to show. It has no address to be used, and nothing is sent
 * to that server, until the user takes it. See
 * <a href="https://spec.matrix.org/latest/client-server-api/#well-known-uri">Client-Server API</a>.
 */
public final class ServerProposal {
    private static final String MEMBER = "m.identity_server";
    private static final String NO_ADDRESS = "the proposed identity server has no https address";

    private final ServerName homeserver;
    private final URI baseUrl;

    private ServerProposal(ServerName homeserver, URI baseUrl) {
        this.homeserver = homeserver;
        this.baseUrl = baseUrl;
    }

    /** Returns what {@code homeserver} proposes, with {@link ClientOptions#defaults()}. */
    public static ProposalReading of(ServerName homeserver, Transport transport) {
        return of(homeserver, transport, ClientOptions.defaults());
    }

    /** Returns what {@code homeserver} proposes. One request is sent, to the homeserver; it is not told who asks. */
    public static ProposalReading of(ServerName homeserver, Transport transport, ClientOptions options) {
        Answer answer = WellKnown.ask(homeserver, transport, options, Disclosures.proposal(homeserver));
        if (Answer.isNotFound(answer)) {
            return new ProposalReading.Nothing();
        }
        return answer instanceof Answer.Ok ok ? read(homeserver, ok.body()) : Answer.failure(answer);
    }

    /** Returns the homeserver whose proposal it is. */
    public ServerName homeserver() {
        return homeserver;
    }

    /** Returns who proposes what, as a sentence to show to the user. */
    public String inWords() {
        return "Your homeserver " + homeserver + " proposes the identity server " + baseUrl
                + ". You can take it, choose another one, or use none.";
    }

    /** Returns the choice of this server. Call this when the user has taken it, and only then. */
    public ServerChoice.Server choose() {
        return new ServerChoice.Server(baseUrl);
    }

    @Override
    public String toString() {
        return "ServerProposal[" + baseUrl + " by " + homeserver + "]";
    }

    private static ProposalReading read(ServerName homeserver, JsonObject document) {
        if (!document.get(MEMBER).isPresent()) {
            return new ProposalReading.Nothing();
        }
        return WellKnown.baseUrl(document, MEMBER) instanceof Parsed.Ok<URI> ok
                ? new ProposalReading.Proposed(new ServerProposal(homeserver, ok.value()))
                : new Failure.Malformed(NO_ADDRESS);
    }
}
