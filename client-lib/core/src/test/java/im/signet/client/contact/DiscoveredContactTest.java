package im.signet.client.contact;

import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DiscoveredContactTest {
    private static final Address MAIL = Address.of(Medium.EMAIL, "bob@example.com");
    private static final AddressBook.Entry BOB = new AddressBook.Entry("Bob", MAIL);
    private static final UserId USER = UserId.of("@bob:example.com");

    @Test
    void isUnvalidated() {
        DiscoveredContact contact = DiscoveredContact.lookedUp(BOB, USER);

        assertThat(contact.state()).isEqualTo(ContactState.UNVALIDATED);
        assertThat(contact.label()).isEqualTo("Bob");
        assertThat(contact.address()).isEqualTo(MAIL);
        assertThat(contact.userId()).isEqualTo(USER);
    }

    @Test
    void equalsByEntryAndUser() {
        assertThat(DiscoveredContact.lookedUp(BOB, USER)).isEqualTo(DiscoveredContact.lookedUp(BOB, USER))
                .hasSameHashCodeAs(DiscoveredContact.lookedUp(BOB, USER))
                .isNotEqualTo(DiscoveredContact.lookedUp(BOB, UserId.of("@eve:example.com")));
    }

    @Test
    void keepsTheAddressBookOutOfLogs() {
        assertThat(DiscoveredContact.lookedUp(BOB, USER).toString())
                .isEqualTo("DiscoveredContact[@bob:example.com, UNVALIDATED]");
        assertThat(BOB).hasToString("Entry[hidden]");
        assertThat(AddressBook.of(List.of(BOB))).hasToString("AddressBook[1 entries]");
    }

    @Test
    void anAddressBookDoesNotChangeAfterwards() {
        List<AddressBook.Entry> entries = new ArrayList<>(List.of(BOB));
        AddressBook book = AddressBook.of(entries);
        entries.clear();

        assertThat(book.entries()).containsExactly(BOB);
        assertThat(book.with("Robert", MAIL).entries()).hasSize(2);
        assertThat(book.entries()).hasSize(1);
    }
}
