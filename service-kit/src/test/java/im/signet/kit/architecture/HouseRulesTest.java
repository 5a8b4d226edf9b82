package im.signet.kit.architecture;

import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.repository.Repository;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** A rule that nothing can break proves nothing: each one here meets somebody who breaks it, and somebody who does not. */
class HouseRulesTest {

    private static boolean keeps(Class<?> code, ArchRule rule) {
        return !rule.allowEmptyShould(true).evaluate(new ClassFileImporter().importClasses(code)).hasViolation();
    }

    @ParameterizedTest
    @ValueSource(classes = {WeakRandom.class, RandomOfTheThread.class, RandomOfMath.class, RandomId.class,
        RandomIdByReference.class})
    void findsWeakRandom(Class<?> code) {
        assertThat(keeps(code, HouseRules.CHANCE_IS_A_SECURE_RANDOM_THAT_WAS_INJECTED)).isFalse();
    }

    @Test
    void allowsStrongRandom() {
        assertThat(keeps(StrongRandom.class, HouseRules.CHANCE_IS_A_SECURE_RANDOM_THAT_WAS_INJECTED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {SystemMillis.class, SystemInstant.class, SystemInstantByReference.class, SystemDay.class,
        SystemDate.class})
    void findsTheSystemClock(Class<?> code) {
        assertThat(keeps(code, HouseRules.TIME_COMES_FROM_THE_INJECTED_CLOCK)).isFalse();
    }

    @Test
    void allowsTheInjectedClock() {
        assertThat(keeps(InjectedClock.class, HouseRules.TIME_COMES_FROM_THE_INJECTED_CLOCK)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {PublicController.class, PublicRepository.class})
    void findsWhatLeavesItsPackage(Class<?> code) {
        assertThat(keeps(code, HouseRules.CONTROLLERS_AND_REPOSITORIES_STAY_IN_THEIR_PACKAGE)).isFalse();
    }

    @Test
    void findsWhoReadsThePeersAddress() {
        assertThat(keeps(PeerReader.class, HouseRules.ONLY_ONE_CLASS_READS_A_PEERS_ADDRESS)).isFalse();
        assertThat(keeps(GoodController.class, HouseRules.ONLY_ONE_CLASS_READS_A_PEERS_ADDRESS)).isTrue();
    }

    @Test
    void findsEndpointsThatDoNotSayWhoMayCall() {
        assertThat(keeps(PublicController.class, HouseRules.EVERY_ENDPOINT_SAYS_WHO_MAY_CALL_IT)).isFalse();
        assertThat(keeps(GoodController.class, HouseRules.EVERY_ENDPOINT_SAYS_WHO_MAY_CALL_IT)).isTrue();
    }

    @Test
    void findsEndpointsThatSayBoth() {
        assertThat(keeps(TornController.class, HouseRules.NO_ENDPOINT_SAYS_BOTH)).isFalse();
        assertThat(keeps(GoodController.class, HouseRules.NO_ENDPOINT_SAYS_BOTH)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {BodyTaker.class, HeaderTaker.class, CookieTaker.class})
    void findsEndpointsThatTakeTextOfAnyLength(Class<?> code) {
        assertThat(keeps(code, HouseRules.NO_ENDPOINT_TAKES_TEXT_OF_ANY_LENGTH)).isFalse();
        assertThat(keeps(GoodController.class, HouseRules.NO_ENDPOINT_TAKES_TEXT_OF_ANY_LENGTH)).isTrue();
    }

    @Test
    void findsThePrinter() {
        assertThat(keeps(Printer.class, HouseRules.WHAT_THERE_IS_TO_SAY_GOES_TO_THE_LOG)).isFalse();
        assertThat(keeps(GoodController.class, HouseRules.WHAT_THERE_IS_TO_SAY_GOES_TO_THE_LOG)).isTrue();
    }

    static final class BodyTaker {

        @PostMapping("/x")
        String take(@RequestBody String text) {
            return text;
        }
    }

    static final class HeaderTaker {

        @GetMapping("/x")
        String take(Params params, @RequestHeader("X-Text") String text) {
            return params + text;
        }
    }

    static final class CookieTaker {

        @GetMapping("/x")
        String take(@CookieValue("text") String text) {
            return text;
        }
    }

    static final class WeakRandom {
        final Random random = new Random(1);
    }

    static final class RandomOfTheThread {
        int next() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    static final class RandomOfMath {
        double next() {
            return Math.random();
        }
    }

    static final class RandomId {
        UUID next() {
            return UUID.randomUUID();
        }
    }

    static final class RandomIdByReference {
        final Supplier<UUID> next = UUID::randomUUID;
    }

    static final class StrongRandom {
        int next(SecureRandom random) {
            return random.nextInt(6);
        }
    }

    static final class SystemMillis {
        long next() {
            return System.currentTimeMillis();
        }
    }

    static final class SystemInstant {
        Instant next() {
            return Instant.now();
        }
    }

    static final class SystemInstantByReference {
        final Supplier<Instant> next = Instant::now;
    }

    static final class SystemDay {
        LocalDate next(java.time.ZoneId zone) {
            return LocalDate.now(zone);
        }
    }

    static final class SystemDate {
        @SuppressWarnings("JavaUtilDate") // what the rule is to find
        Date next() {
            return new Date();
        }
    }

    static final class InjectedClock {
        Instant next(Clock clock) {
            return LocalDate.now(clock).isLeapYear() ? clock.instant() : Instant.now(clock);
        }
    }

    /** For the rules to find. */
    @RestController
    public static final class PublicController {
        @GetMapping("/a")
        String a() {
            return "a";
        }
    }

    /** For the rules to find. */
    public interface PublicRepository extends Repository<String, String> {}

    @RestController
    static final class GoodController {
        @OpenToAll
        @GetMapping("/b")
        String b() {
            return "b";
        }

        @NeedsToken
        @GetMapping("/c")
        String c() {
            return "c";
        }
    }

    @RestController
    static final class TornController {
        @OpenToAll
        @NeedsToken
        @GetMapping("/d")
        String d() {
            return "d";
        }
    }

    static final class PeerReader {
        String peer(HttpServletRequest request) {
            return request.getRemoteAddr();
        }
    }

    static final class Printer {
        void print() {
            System.out.println("here");
        }
    }
}
