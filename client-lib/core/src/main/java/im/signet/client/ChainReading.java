package im.signet.client;

import im.signet.client.handle.Evidence;
import im.signet.client.handle.OwnIdentity;
import im.signet.protocol.handle.Operation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came of asking for the newest operations of the user's own identity. */
public sealed interface ChainReading
        permits
        ChainReading.Current,
        ChainReading.NotKept,
        ChainReading.WentBack,
        ChainReading.Forked,
        Failure {
    /**
     * All that the server has follows on what this device knew.
     *
     * @param now  the identity as it is; store it
     * @param news what is new, in order, maybe nothing; the list cannot be changed
     */
    record Current(OwnIdentity now, List<Operation> news) implements ChainReading {
        /** Keeps a copy of {@code news}. */
        public Current {
            news = Collections.unmodifiableList(new ArrayList<>(news));
        }
    }

    /** The server does not keep this identity: no handle there names it. */
    record NotKept() implements ChainReading {}

    /** The server shows less than this device knows: an operation was not published yet, or it lost what it had, or lies. */
    record WentBack() implements ChainReading {}

    /**
     * Keys of the identity have signed two histories: it is compromised.
     *
     * @param evidence what proves it
     */
    record Forked(Evidence evidence) implements ChainReading {}
}
