package im.signet.terms.overview;

import im.signet.kit.holding.Ending;
import im.signet.protocol.identifier.UserId;

import java.time.Instant;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A secret as the database holds it: by its hash.
 *
 * @param tokenHash of the access token that asked for it, with which it ends
 */
@Table(schema = "terms", name = "overview_secret")
@SuppressWarnings("ArrayRecordComponent") // never compared
record OverviewSecret(@Id byte[] secretHash, Purpose purpose, String userId, byte[] tokenHash, Instant createdAt,
        Instant expiresAt) {

    /** What a secret is good for. The names stand in the database. */
    enum Purpose {
        /** Leads to the overview, once. */
        LINK,
        /** Stands in the forms of the overview. */
        VIEW,
        /** Confirms, once, that the user withdraws. */
        WITHDRAWN,
        /** Confirms, once, that the user is erased. */
        ERASED;

        static Purpose of(Ending ending) {
            return switch (ending) {
                case WITHDRAWN -> WITHDRAWN;
                case ERASED -> ERASED;
            };
        }
    }

    UserId user() {
        return UserId.of(userId);
    }

    /** Returns what it confirms. */
    Ending ending() {
        return switch (purpose) {
            case WITHDRAWN -> Ending.WITHDRAWN;
            case ERASED -> Ending.ERASED;
            case LINK, VIEW -> throw new IllegalStateException("this confirms nothing");
        };
    }
}
