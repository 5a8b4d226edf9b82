package im.signet.names.handle;

import im.signet.protocol.handle.Handle;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FoldTest {

    private static Fold fold(String localPart) {
        return Fold.of(Handle.of(localPart + "@example.org"));
    }

    @Test
    void takesForOneWhatLooksAlike() {
        for (List<String> alike : List.of(List.of("boo", "bo0", "b0o"), List.of("paul", "pau1", "paui"),
                List.of("modern", "rnodern", "m0dern"), List.of("william", "vvilliam", "vvllllarn"),
                List.of("a.b", "a-b", "a_b"))) {
            assertThat(alike.stream().map(FoldTest::fold).distinct()).as(alike.toString()).hasSize(1);
        }
    }

    @Test
    void tellsApartWhatDoesNot() {
        List<String> different = List.of("alice", "alicia", "bob", "rob", "carol", "ab", "a.b", "mallory", "nancy",
                "5", "s", "2", "z", "8", "b", "g", "9", "q", "c", "e", "u", "v", "w", "n", "r");
        assertThat(different.stream().map(FoldTest::fold).distinct()).hasSameSizeAs(different);
    }

    @Test
    void changesNoMoreWhenTakenAgain() {
        for (String text : List.of("modern", "w1ll1am", "a.b_c-d", "00il1")) {
            String once = fold(text).value();
            assertThat(Fold.ofLocalPart(once).value()).isEqualTo(once);
        }
    }

    @Test
    void hasTheVersionOfUnicodeThatMadeIt() {
        assertThat(Fold.VERSION).isGreaterThanOrEqualTo(180_001);
    }
}
