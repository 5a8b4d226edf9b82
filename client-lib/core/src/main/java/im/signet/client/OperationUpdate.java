package im.signet.client;

import im.signet.client.handle.Evidence;
import im.signet.client.handle.OwnIdentity;
import im.signet.protocol.handle.Operation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came of publishing an operation of the user's own identity. */
public sealed interface OperationUpdate
        permits
        OperationUpdate.Published,
        OperationUpdate.Overtaken,
        OperationUpdate.NotKept,
        OperationUpdate.Forked,
        OperationUpdate.WentBack,
        Failure {
    /**
     * The server has it.
     *
     * @param now the identity after it; store it
     */
    record Published(OwnIdentity now) implements OperationUpdate {}

    /**
     * Others of the identity's keys came first. The operation was not taken, and never will be; look at what happened, and
     * sign a new one on it, if that is still wanted.
     *
     * @param now      the identity as it is; store it
     * @param happened what they did, in order, at least one; the list cannot be changed
     */
    record Overtaken(OwnIdentity now, List<Operation> happened) implements OperationUpdate {
        /** Keeps a copy of {@code happened}. */
        public Overtaken {
            happened = Collections.unmodifiableList(new ArrayList<>(happened));
        }
    }

    /**
     * The server does not keep this identity: no handle there names it. Nobody can be overtaken, so the operation may be
     * taken for done; the server sees it with the next registration.
     *
     * @param now the identity after it; store it
     */
    record NotKept(OwnIdentity now) implements OperationUpdate {}

    /**
     * Keys of the identity have signed two histories: it is compromised. Store nothing; show it to the user.
     *
     * @param evidence what proves it
     */
    record Forked(Evidence evidence) implements OperationUpdate {}

    /** The server shows less of the identity than this device knows: it lost what it had, or lies. */
    record WentBack() implements OperationUpdate {}
}
