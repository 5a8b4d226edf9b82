package im.signet.identity.validation;

import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Sydent 1.0.3: session ids that were counted up, so that everybody knew everybody's. */
class SessionIdsTest extends IdentityScene {

    @Test
    void tellNothingOfOneAnother() {
        List<String> sids = IntStream.range(0, 40).mapToObj(_ -> begin(Person.ALICE, freshAddress()).sid()).toList();
        assertThat(sids).doesNotHaveDuplicates()
                .allSatisfy(sid -> assertThat(Base64.getUrlDecoder().decode(sid)).hasSizeGreaterThanOrEqualTo(16));
        assertThat(sids).isNotEqualTo(sids.stream().sorted().toList());
        // Of 40 random ones, no two share even eight characters at the beginning.
        assertThat(sids.stream().map(sid -> sid.substring(0, 8))).doesNotHaveDuplicates();
    }
}
