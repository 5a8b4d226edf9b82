package im.signet.client;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing that others compile against changes by accident: it stands in {@code src/test/resources/api}, file by package. */
class PublicApiTest {
    @Test
    void isTheOneThatIsDescribed() throws IOException {
        DescribedApi.holdsFor(IdentityServer.class);
    }

    /** A type with something of everything that the description tells apart. */
    public abstract static class Sample<T extends Comparable<T>> implements Runnable {
        /** Copied into the code of others. */
        public static final int LIMIT = 7;
        final int hidden = 1;

        /** Protected is public for those who extend. */
        protected Sample(@Nullable String text) {}

        /** Declares what it throws. */
        public static <E extends Exception> List<@Nullable E> sample(String[] many, int... more) throws IOException {
            return List.of();
        }

        void unseen() {}
    }

    /** Says what it permits. */
    public sealed interface Outcome permits Outcome.Done {
        /** The only one. */
        record Done(@Nullable String what) implements Outcome {}

        /** Has a body. */
        default boolean isDone() {
            return true;
        }
    }

    @Test
    void tellsApartWhatMattersToWhoCompilesAgainstIt() {
        String name = "im.signet.client.PublicApiTest.Sample";
        assertThat(PublicApi.linesOf(Sample.class)).containsExactlyInAnyOrder(
                name + ": public abstract class <T extends java.lang.Comparable<T>> implements java.lang.Runnable",
                name + ".LIMIT: public static final int = 7",
                name + ".new(@Nullable java.lang.String): protected",
                name + ".sample(java.lang.String[], int[]): public static <E extends java.lang.Exception>"
                        + " java.util.List<E> throws java.io.IOException");
    }

    @Test
    void aNewCaseOfAnOutcomeIsAChange() {
        String name = "im.signet.client.PublicApiTest.Outcome";
        assertThat(PublicApi.linesOf(Outcome.class)).containsExactlyInAnyOrder(
                name + ": public abstract sealed interface permits " + name + ".Done",
                name + ".isDone(): public default boolean");
        assertThat(PublicApi.linesOf(Outcome.Done.class)).contains(
                name + ".Done: public final record(@Nullable java.lang.String what) implements "
                        + Outcome.class.getName());
    }

    @Test
    void packagesThatAreNotExportedAreNobodysBusiness() {
        SortedMap<String, List<String>> api = PublicApi.ofModuleWith(IdentityServer.class).describe();

        assertThat(api.keySet()).contains("module", "im.signet.client")
                .doesNotContain("im.signet.client.file")
                .allMatch(name -> name.equals("module") || name.startsWith("im.signet.client"));
        assertThat(api.get("im.signet.client")).noneMatch(line -> line.startsWith("im.signet.client.Wire"));
    }
}
