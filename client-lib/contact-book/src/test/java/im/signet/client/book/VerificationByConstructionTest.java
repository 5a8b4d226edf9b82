package im.signet.client.book;

import im.signet.client.Snippet;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** There is no way to a validated identifier but a comparison by the user. */
class VerificationByConstructionTest {
    private static final String GIVEN = """
            ContactBook contacts; KnownIdentifier known; Identifier identifier; Verification verification;
            ResolvedHandle resolved; Pin pin; OwnIdentity own; Identity theirs; String typed; ContactStore store;
            Instant now;
            """;

    private static List<String> errorsOf(String members) {
        return Snippet.errorsOf(GIVEN + members, "im.signet.client.book");
    }

    @Test
    void rightUseCompiles() {
        assertThat(errorsOf("""
                void use() {
                    contacts.resolved(resolved, now).verified(verification, now);
                    Verification.ofFingerprints(own.identity(), theirs, typed);
                    StoredContacts.in(store).change(book -> book.compromised(identifier, now));
                }""")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new Verification(Verification.Kind.CARD, identifier, null, null, 0)",
        "contacts.verified(identifier, now)", "contacts.verified(resolved, now)", "contacts.verified(pin, now)",
        "contacts.validated(identifier, now)", "contacts.withState(identifier, ContactState.VALIDATED)",
        "known.validated(verification, Optional.empty(), now)", "known.with(ContactState.VALIDATED)",
        "new KnownIdentifier(identifier, null, null)", "KnownIdentifier.stored(identifier, null, null)",
        "new KnownIdentifier.Standing(false, Optional.empty(), Optional.empty(), List.of(), List.of())",
        "new KnownIdentifier.Validation(Verification.Kind.CARD, now, Optional.empty())",
        "new Contact(new ContactId(1), \"\", Map.of())", "new ContactBook(new TreeMap<>(), 1)",
        "ContactBook.of(List.of(), 1)", "ContactBookFormat.read(new byte[0])", "new FileContactStore(null)"})
    void wrongUseDoesNotCompile(String expression) {
        assertThat(errorsOf("Object use() { return " + expression + "; }")).isNotEmpty();
    }
}
