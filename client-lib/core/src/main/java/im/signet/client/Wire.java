package im.signet.client;

import im.signet.client.transport.PlannedRequest;
import im.signet.client.transport.RequestListener;
import im.signet.client.transport.Response;
import im.signet.client.transport.Transport;
import im.signet.protocol.json.StrictJson;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The only way out: asks the listener, sends, and reads the answer. */
final class Wire {
    private final URI base;
    private final Transport transport;
    private final RequestListener listener;
    private final StrictJson.Limits limits;

    Wire(URI base, Transport transport, RequestListener listener) {
        this(base, transport, listener, StrictJson.Limits.DEFAULT);
    }

    /** Reads answers within {@code limits}. */
    Wire(URI base, Transport transport, RequestListener listener, StrictJson.Limits limits) {
        this.base = base;
        this.transport = transport;
        this.listener = listener;
        this.limits = limits;
    }

    /** Returns the way to another server, by the same transport and seen by the same listener. */
    Wire to(URI otherBase, StrictJson.Limits otherLimits) {
        return new Wire(otherBase, transport, listener, otherLimits);
    }

    /** Returns what the server answers to {@code call} when nobody says who asks. */
    Answer send(Call call) {
        return send(call, Optional.empty(), AnswerReader.Asker.NOBODY);
    }

    /** Returns what the server answers to {@code call} of the owner of {@code token}. */
    Answer send(Call call, AccessToken token) {
        return send(call, Optional.of(token), AnswerReader.Asker.SESSION);
    }

    /** Returns what the homeserver answers to {@code call} of the owner of the account whose {@code token} it is. */
    Answer sendToHomeserver(Call call, AccessToken token) {
        return send(call, Optional.of(token), AnswerReader.Asker.ACCOUNT);
    }

    private Answer send(Call call, Optional<AccessToken> token, AnswerReader.Asker asker) {
        PlannedRequest planned = call.planned(base);
        if (PendingCall.isStoppedHere()) {
            return new Answer.Broken(new Failure.Cancelled(planned));
        }
        if (listener.beforeSending(planned) != RequestListener.Verdict.SEND) {
            return new Answer.Broken(new Failure.Vetoed(planned));
        }
        if (!PendingCall.letsPass(planned)) {
            return new Answer.Broken(new Failure.Cancelled(planned));
        }
        Response response;
        try {
            response = transport.send(call.request(base, token));
        } catch (IOException e) {
            return new Answer.Broken(new Failure.Unreachable(reason(e)));
        }
        return AnswerReader.read(response, asker, limits);
    }

    /** Returns words for the kind of failure only: messages of exceptions may repeat a URL, and with it a secret. */
    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the server's name is not known";
        }
        if (e instanceof ConnectException) {
            return "the server does not accept connections";
        }
        if (e instanceof InterruptedIOException) {
            return "the server did not answer in time";
        }
        if (e instanceof SSLException) {
            return "no trusted connection: the server's certificate or its encryption was not accepted";
        }
        return "the connection failed (" + e.getClass().getSimpleName() + ")";
    }
}
