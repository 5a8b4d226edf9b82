package im.signet.cli;

import im.signet.client.contact.AddressBook;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AddressFileTest {

    @Test
    void readsLines() {
        AddressFile.Content content = AddressFile.read("""
                # my friends
                Bob <Bob@Example.org>
                carol@example.org

                "Dave, the other" <+44 (20) 7946-0000>
                Erin <020 7946 0000>
                nonsense
                """);
        assertThat(content.entries()).extracting(AddressBook.Entry::label)
                .containsExactly("Bob", "carol@example.org", "\"Dave, the other\"");
        assertThat(content.entries()).extracting(entry -> entry.address().value())
                .containsExactly("bob@example.org", "carol@example.org", "442079460000");
        assertThat(content.skipped()).isEqualTo(2);
    }

    @Test
    void readsVCardsOfAllVersions() {
        AddressFile.Content content = AddressFile.read("""
                BEGIN:VCARD
                VERSION:2.1
                FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BCrgen
                EMAIL;INTERNET:juergen@example.org
                END:VCARD
                BEGIN:VCARD
                VERSION:4.0
                FN:Kim\\, with a comma
                TEL;VALUE=uri:tel:+44-20-7946-0001
                EMAIL:kim@example.org
                EMAIL:not an address
                END:VCARD
                """);
        assertThat(content.entries()).extracting(AddressBook.Entry::label)
                .containsExactly("J\u00fcrgen", "Kim, with a comma", "Kim, with a comma");
        assertThat(content.entries()).extracting(entry -> entry.address().value())
                .containsExactlyInAnyOrder("juergen@example.org", "kim@example.org", "442079460001");
        assertThat(content.skipped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "BEGIN:VCARD", "BEGIN:VCARD\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:9\nTEL:\nEMAIL:\nFN:\nEND:VCARD",
        "BEGIN:VCARD\nBEGIN:VCARD\nBEGIN:VCARD", "\0\0\0", "<<<>>>", "a <", "<@>"})
    void readsNothingFromNonsense(String nonsense) {
        assertThat(AddressFile.read(nonsense).entries()).isEmpty();
    }

    @Test
    void makesNamesHarmless() {
        assertThat(AddressFile.read("\u001b[31mRed <red@example.org>").entries().getFirst().label())
                .doesNotContain("\u001b");
        assertThat(AddressFile.read("x".repeat(2000) + " <long@example.org>").entries().getFirst().label())
                .hasSize(500);
    }
}
