package im.signet.cli;

import im.signet.client.AccessToken;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AccountTest {

    private static final Account.Choice CHOICE = new Account.Choice(Optional.of(URI.create("https://id.example.org")));
    private static final Account.Choice OTHER = new Account.Choice(Optional.of(URI.create("https://id.example.com")));
    private static final UserId ALICE = UserId.of("@alice:example.org");
    private static final UserId BOB = UserId.of("@bob:example.org");
    private static final AccessToken TOKEN = AccessToken.parse("secret").orElseThrow();

    private final Account alice = Account.NONE.choosing(CHOICE)
            .loggedIn(ALICE, TOKEN)
            .agreeing("DiscoverContacts")
            .trusting(URI.create("https://names.example.org"));

    @Test
    void isStored() {
        for (Account account : new Account[]{alice, Account.NONE,
            alice.choosing(new Account.Choice(Optional.empty()))}) {
            assertThat(Account.read(account.toJson())).isEqualTo(account);
        }
        assertThat(Account.read(JsonObject.of())).isEqualTo(Account.NONE);
        assertThat(alice.toString()).doesNotContain("secret");
    }

    @Test
    void agreesToNothingAtAnotherServerOrForAnotherUser() {
        assertThat(alice.choosing(CHOICE)).isEqualTo(alice);
        Account elsewhere = alice.choosing(OTHER);
        assertThat(elsewhere.token()).isEmpty();
        assertThat(elsewhere.agreed()).isEmpty();
        assertThat(elsewhere.trusted()).as("who may have a session there, nobody has said").isEmpty();
        assertThat(alice.loggedIn(BOB, TOKEN).agreed()).isEmpty();
        assertThat(alice.loggedIn(ALICE, TOKEN).agreed()).containsExactly("DiscoverContacts");
        assertThat(alice.loggedOut().agreed()).isEmpty();
    }
}
