package im.signet.standalone.admin;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What keys are for, and what an operator should know before there is a new one. */
enum KeyPurpose {

    SIGNING("signing", "ed25519:", List.of(Service.IDENTITY),
            "Associations are signed with it from then on; the former one goes on answering for what it signed."),
    ADDRESS("address", "a", List.of(Service.IDENTITY), "What was sealed with the former key stays sealed with it."),
    ADDRESS_HASH("address-hash", "h", List.of(Service.IDENTITY),
            "What is stored under the former key is found as before: each key is tried."),
    LOOKUP_HASH("lookup-hash", "l", List.of(Service.IDENTITY),
            "Entries of the former key are found as before; the next pepper's are all of the new key."),
    LOOKUP_BUDGET("lookup-budget", "q", List.of(Service.IDENTITY), "Budgets of lookups begin anew."),
    VALIDATION_TOKEN("validation-token", "v", List.of(Service.IDENTITY),
            "Tokens that were mailed are accepted as before."),
    INVITER("inviter", "s", List.of(Service.IDENTITY), "Invitations of the former key are found as before."),
    INVITATION("invitation", "i", List.of(Service.IDENTITY), "What was sealed with the former key stays so."),
    INVITATION_LINK("invitation-link", "n", List.of(Service.IDENTITY), "Links that were mailed work as before."),
    STATUS_SIGNING("status-signing", "s", List.of(Service.NAMES),
            "Clients may keep the published keys for an hour: a key that was only 'next' for that long is known to them"
                    + " when it is used, and 'rotate' makes them read the keys again."),
    HANDLE_HASH("handle-hash", "n", List.of(Service.NAMES),
            "What is stored under the former key is found as before: each key is tried."),
    RECEIPT_SIGNING("receipt-signing", "r", List.of(Service.TERMS),
            "Receipts are signed with it from then on; the former key stays published."),
    OPENID_TOKEN("openid-token", "i", List.of(Service.TERMS), "OpenID tokens that were used stay used."),
    OUTBOX("outbox", "o", Service.all(), "What waits is opened with the former key."),
    LIMIT("limit", "b", Service.all(), "What was counted is forgotten: limits begin anew."),
    AUDIT("audit", "w", Service.all(), "Lines of the former key are found as before.");

    private final String word;
    private final String idPrefix;
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of and Stream.toList
    private final List<Service> services;
    private final String afterwards;

    KeyPurpose(String word, String idPrefix, List<Service> services, String afterwards) {
        this.word = word;
        this.idPrefix = idPrefix;
        this.services = services;
        this.afterwards = afterwards;
    }

    /** Returns the purpose of that word, as it stands in the name of its file. */
    static KeyPurpose of(String word) {
        return Stream.of(values())
                .filter(purpose -> purpose.word.equals(word))
                .findFirst()
                .orElseThrow(() -> Refusal.misuse("there are keys of these purposes: "
                        + Stream.of(values()).map(KeyPurpose::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return word;
    }

    /** Returns what begins the ids of its keys. */
    String idPrefix() {
        return idPrefix;
    }

    /** Returns the services that have such keys. */
    List<Service> services() {
        return services;
    }

    /** Returns what a new key means for what there is. */
    String afterwards() {
        return afterwards;
    }

    /**
     * Returns where the database says which key something was made with, as queries by what they count: each selects the
     * id of a key and how many rows need it. Empty where nothing says.
     */
    Map<String, String> counts() {
        return switch (this) {
            case SIGNING -> Map.of("invitations", grouped("signing_key", "identity.invitation"));
            case ADDRESS -> Map.of("associations", sealed("address_sealed", "identity.association"), "invitations",
                    sealed("address_sealed", "identity.invitation"), "proofs",
                    sealed("address_sealed", "identity.validation_session"));
            case ADDRESS_HASH -> Map.of("associations", grouped("address_key", "identity.association"), "invitations",
                    grouped("address_key", "identity.invitation"), "proofs",
                    grouped("address_key", "identity.validation_session"));
            case LOOKUP_HASH -> Map.of("lookup entries", grouped("entry_key", "identity.lookup_entry"));
            case INVITATION -> Map.of("invitations", sealed("payload_sealed", "identity.invitation"));
            default -> Map.of();
        };
    }

    private static String sealed(String column, String table) {
        return grouped("convert_from(substr(%1$s, 3, get_byte(%1$s, 1)), 'SQL_ASCII')".formatted(column), table);
    }

    private static String grouped(String key, String table) {
        return "SELECT " + key + ", count(*) FROM " + table + " GROUP BY 1";
    }
}
