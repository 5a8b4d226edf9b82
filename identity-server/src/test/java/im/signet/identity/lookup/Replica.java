package im.signet.identity.lookup;

import im.signet.identity.address.AddressesAtRest;
import im.signet.identity.association.Association;
import im.signet.identity.association.Associations;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.journal.JournalFolder;
import im.signet.kit.journal.RevocationJournal;
import im.signet.kit.key.KeyRings;
import im.signet.kit.key.KeyedHash;
import im.signet.kit.limit.LimitProperties;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.FileSystemUtils;

/** One of several servers on a database, less its web: associations and lookup. The rotation runs when a test says so. */
final class Replica implements AutoCloseable {

    private static final KeyedHash BUDGET_HASH = new KeyedHash(KeyRings.of("lookup-budget"));
    static final List<Subject> SOMEBODY = List.of(new Subject(Subject.Kind.ACCOUNT, "@somebody:example.org"));

    private final Path folder = newFolder();
    private final ConfigurableApplicationContext context;
    private final Clock clock;

    Replica(TestDatabase database, AddressesAtRest atRest, KeyedHash lookupHash, Clock clock, String... settings) {
        this.clock = clock;
        this.context = new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .initializers(starting -> {
                    var beans = starting.getBeanFactory();
                    beans.registerSingleton("dataSource", database.dataSource());
                    beans.registerSingleton("addressesAtRest", atRest);
                    beans.registerSingleton("lookupHash", lookupHash);
                    beans.registerSingleton("lookupBudgetHash", BUDGET_HASH);
                    beans.registerSingleton("identityJournal", journal(clock));
                    beans.registerSingleton("clock", clock);
                    beans.registerSingleton("random", new SecureRandom());
                })
                .run(Arrays.stream(settings).map(setting -> "--" + setting).toArray(String[]::new));
    }

    private RevocationJournal journal(Clock clock) {
        return new RevocationJournal(JournalFolder.open(folder, Duration.ofDays(1), clock, new SecureRandom()),
                "identity",
                new KeyedHash(KeyRings.of("journal")), clock);
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("signet-replica");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // No @Configuration: the identity-server, whose package this is, would find it.
    @EnableAutoConfiguration
    @EnableJdbcRepositories(basePackageClasses = Association.class)
    @ComponentScan(basePackageClasses = Association.class)
    @EnableConfigurationProperties({LookupProperties.class, LookupBudgetProperties.class, LimitProperties.class})
    @Import(LookupConfiguration.class)
    static class Parts {}

    Lookup lookup() {
        return context.getBean(Lookup.class);
    }

    Directory directory() {
        return context.getBean(Directory.class);
    }

    LookupBudgets budgets() {
        return context.getBean(LookupBudgets.class);
    }

    GenerationTable generations() {
        return context.getBean(GenerationTable.class);
    }

    PepperRotation rotation() {
        return context.getBean(PepperRotation.class);
    }

    /** Returns a rotation as after a start, on another directory or other transactions. */
    PepperRotation rotation(Directory directory, TransactionOperations transactions) {
        return new PepperRotation(generations(), directory, context.getBean(SpendingTable.class),
                context.getBean(Associations.class), transactions,
                context.getBean(LookupProperties.class).pepperLifetime(), clock, new SecureRandom());
    }

    TransactionTemplate transactions() {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    JdbcOperations batches() {
        return context.getBean(JdbcOperations.class);
    }

    /** Binds an address, typed so, to a user who wants to be found. */
    Association bind(String typed, String user) {
        return bind(typed, user, true);
    }

    Association bind(String typed, String user, boolean discoverable) {
        Address address = Address.of(Medium.EMAIL, typed);
        String lowerCased = Address.lowerCased(Medium.EMAIL, typed).orElseThrow();
        Instant provenAt = clock.instant();
        return context.getBean(Associations.class)
                .bind(address, UserId.of(user), provenAt, new HashSet<>(List.of(address.value(), lowerCased)),
                        discoverable)
                .orElseThrow();
    }

    /** Takes an address away from whomever it is bound to. */
    void remove(String address) {
        AddressesAtRest atRest = context.getBean(AddressesAtRest.class);
        jdbc().sql("DELETE FROM identity.association WHERE address_hash = ?")
                .param(atRest.hashesOf(Address.of(Medium.EMAIL, address)).getFirst())
                .update();
    }

    /** Looks an e-mail address up with a pepper, as clients do; returns the user, or "nobody", "wrong pepper" or "over budget". */
    String look(String address, Pepper pepper) {
        String sent = LookupHash.of(Medium.EMAIL, address, pepper).value();
        return switch (lookup().find(SOMEBODY, Algorithm.SHA256, pepper.value(), List.of(sent))) {
            case Lookup.Answer.Found(Map<String, String> users) -> users.getOrDefault(sent, "nobody");
            case Lookup.Answer.WrongPepper _ -> "wrong pepper";
            case Lookup.Answer.OverBudget _ -> "over budget";
        };
    }

    /** Looks an e-mail address up with the pepper that this server tells. */
    String look(String address) {
        return look(address, lookup().pepper());
    }

    @Override
    public void close() {
        context.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
