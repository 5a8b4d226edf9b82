package im.signet.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came of asking a server whether it is an identity server. */
public sealed interface Status permits Status.Available, Failure {
    /**
     * It is one.
     *
     * @param versions the versions of the specification that it supports, such as {@code v1.18}; empty when it is too old
     *                 to say. The list cannot be changed.
     */
    record Available(List<String> versions) implements Status {
        /** Keeps a copy of {@code versions}. */
        public Available {
            versions = Collections.unmodifiableList(new ArrayList<>(versions));
        }
    }
}
