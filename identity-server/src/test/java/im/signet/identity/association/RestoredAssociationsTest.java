package im.signet.identity.association;

import im.signet.identity.address.AddressesAtRest;
import im.signet.kit.SettableClock;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.JournalReading;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyRing;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.key.Sealing;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What was bound when a backup was made, and unbound since. */
class RestoredAssociationsTest {

    private static final Address ADDRESS = Address.of(Medium.EMAIL, "alice@example.org");
    private static final UserId ALICE = UserId.of("@alice:example.org");
    private static final UserId BOB = UserId.of("@bob:example.org");
    private static final String RESTORED = "restoring_identity";

    @TempDir
    Path folder;

    private final TestDatabase database = TestDatabase.fresh();
    private final SettableClock clock = new SettableClock();
    private final KeyRing keys = KeyRings.of("journal");
    private final AddressesAtRest atRest = new AddressesAtRest(new Sealing(KeyRings.of("address"), new SecureRandom()),
            new KeyedHash(KeyRings.of("address-hash")));
    private final Instant before = clock.instant().minus(Duration.ofHours(1));
    private RevocationJournal journal;
    private ConfigurableApplicationContext context;
    private Associations associations;

    // No @Configuration: the identity-server, whose package this is, would find it.
    @EnableAutoConfiguration
    @EnableJdbcRepositories(basePackageClasses = Association.class)
    @ComponentScan(basePackageClasses = Association.class)
    static class Parts {}

    @BeforeEach
    void start() {
        for (String schema : List.of("identity", RESTORED)) {
            new SchemaMigration(database.dataSource(), schema, "classpath:db/kit", "classpath:db/identity").migrate();
        }
        journal = new RevocationJournal(JournalFolder.open(folder, Duration.ofDays(400), clock, new SecureRandom()),
                "identity", new KeyedHash(keys), clock);
        context = new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .initializers(starting -> {
                    var beans = starting.getBeanFactory();
                    beans.registerSingleton("dataSource", database.dataSource());
                    beans.registerSingleton("addressesAtRest", atRest);
                    beans.registerSingleton("identityJournal", journal);
                    beans.registerSingleton("clock", (Clock) clock);
                })
                .run();
        associations = context.getBean(Associations.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private void bind(UserId user, boolean discoverable) {
        clock.move(Duration.ofMinutes(1));
        bindNow(user, discoverable);
    }

    private void bindNow(UserId user, boolean discoverable) {
        assertThat(associations.bind(ADDRESS, user, clock.instant(), Set.of(ADDRESS.value()), discoverable))
                .isPresent();
    }

    private void unbind(UserId user) {
        clock.move(Duration.ofMinutes(1));
        assertThat(associations.remove(ADDRESS, user)).isPresent();
    }

    private void backUp() {
        context.getBean(JdbcClient.class)
                .sql("INSERT INTO " + RESTORED
                        + ".association OVERRIDING SYSTEM VALUE SELECT * FROM identity.association")
                .update();
    }

    /** Returns how many of the restored associations were ended. */
    private long restore() throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            return RestoredAssociations.replay(connection, RESTORED, JournalReading.of(List.of(folder)), keys, before);
        }
    }

    @Test
    void whatWasBoundAnewInBetweenAndUnboundDoesNotComeBack() throws Exception {
        bind(ALICE, true);
        backUp();
        bind(ALICE, true);
        unbind(ALICE);
        assertThat(restore()).isEqualTo(1);
    }

    @Test
    void notByAClockThatIsBehindEither() throws Exception {
        bind(ALICE, true);
        backUp();
        clock.move(Duration.ofMinutes(-10));
        bindNow(ALICE, true);
        unbind(ALICE);
        assertThat(restore()).isEqualTo(1);
    }

    @Test
    void whatIsStillBoundAnewComesBack() throws Exception {
        bind(ALICE, true);
        backUp();
        bind(ALICE, true);
        assertThat(restore()).isZero();
    }

    @Test
    void whatWasUnboundBeforeItWasBoundStays() throws Exception {
        bind(ALICE, true);
        unbind(ALICE);
        bind(BOB, true);
        unbind(BOB);
        bind(ALICE, true);
        backUp();
        assertThat(restore()).isZero();
    }

    @Test
    void whoDoesNotWantToBeFoundAnyMoreIsNotFound() throws Exception {
        bind(ALICE, true);
        backUp();
        bind(ALICE, true);
        bind(ALICE, false);
        assertThat(restore()).isEqualTo(1);
    }

    @Test
    void whatAnotherHasTakenOverInBetweenDoesNotComeBack() throws Exception {
        bind(ALICE, true);
        backUp();
        bind(ALICE, true);
        bind(BOB, true);
        assertThat(restore()).isEqualTo(1);
    }
}
