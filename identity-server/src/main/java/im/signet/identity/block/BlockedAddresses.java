package im.signet.identity.block;

import im.signet.identity.address.AddressesAtRest;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.json.JsonObject;

import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Knows which addresses the operator blocked, by asking the database each time: a block holds at once, on every server. */
@Component
public class BlockedAddresses {

    /** What an operator who blocks locks alone, and whoever binds locks together with others. */
    static final String LOCK = "hashtext('signet.block')";

    private final JdbcClient jdbc;
    private final AddressesAtRest atRest;

    BlockedAddresses(JdbcClient jdbc, AddressesAtRest atRest) {
        this.jdbc = jdbc;
        this.atRest = atRest;
    }

    /** Returns whether the address is blocked, alone or with others. */
    public boolean contain(Address address) {
        return jdbc.sql("""
                SELECT EXISTS (SELECT FROM identity.blocked_address WHERE address_hash IN (:hashes))
                    OR EXISTS (SELECT FROM identity.blocked_range WHERE pattern IN (:ranges))""")
                .param("hashes", atRest.hashesOf(address))
                .param("ranges", AddressRange.around(address))
                .query(Boolean.class)
                .single();
    }

    /** Returns whether the address is in a range that is blocked: all that everybody may know. */
    public boolean containRangeOf(Address address) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM identity.blocked_range WHERE pattern IN (:ranges))")
                .param("ranges", AddressRange.around(address))
                .query(Boolean.class)
                .single();
    }

    /** Returns whether a letter that waits to be sent, by mail or SMS, is to an address that is blocked by now. */
    public boolean containRecipient(String channel, JsonObject letter) {
        Optional<Medium> medium = switch (channel) {
            case "mail" -> Optional.of(Medium.EMAIL);
            case "sms" -> Optional.of(Medium.MSISDN);
            default -> Optional.empty();
        };
        return medium.flatMap(kind -> letter.string("to").flatMap(to -> Address.parse(kind, to).toOptional()))
                .filter(this::contain)
                .isPresent();
    }

    /**
     * Returns whether the address is blocked, and keeps it so until the running transaction ends: who blocks it afterwards
     * sees what this transaction did.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean containLocked(Address address) {
        jdbc.sql("SELECT pg_advisory_xact_lock_shared(" + LOCK + ")").query().singleRow();
        return contain(address);
    }
}
