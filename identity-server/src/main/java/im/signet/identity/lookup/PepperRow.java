package im.signet.identity.lookup;

import im.signet.protocol.hash.Pepper;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** A pepper that clients hash addresses with, or did. */
@Table(schema = "identity", name = "pepper")
record PepperRow(@Id @Nullable Long id, String value, Instant createdAt) {

    long generation() {
        if (id == null) {
            throw new IllegalStateException("a pepper that is not stored");
        }
        return id;
    }

    Pepper pepper() {
        return Pepper.of(value);
    }
}
