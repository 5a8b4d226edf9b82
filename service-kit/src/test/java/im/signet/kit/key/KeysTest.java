package im.signet.kit.key;

import im.signet.kit.database.OnEveryDatabase;
import im.signet.kit.database.SchemaMigration;
import im.signet.kit.database.TestDatabase;
import im.signet.kit.database.TestServer;
import im.signet.kit.settings.UnusableSettingException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@OnEveryDatabase
class KeysTest {

    private final TestDatabase database;

    @TempDir
    Path folder;

    KeysTest(TestServer server) {
        database = TestDatabase.freshOn(server);
    }

    @BeforeEach
    void migrate() {
        new SchemaMigration(database.dataSource(), "identity", "classpath:db/kit").migrate();
    }

    private Keys keys(Path in) {
        return new Keys(in, new SecureRandom(), JdbcClient.create(database.dataSource()),
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource())), "identity");
    }

    @Test
    void makesTheFirstKeyOnce() {
        KeyRing first = keys(folder).open("address", "a");
        KeyRing again = keys(folder).open("address", "a");
        assertThat(again.all()).hasSize(1);
        assertThat(again.current().bytes()).isEqualTo(first.current().bytes());
    }

    @Test
    void makesItOnceAlsoWhenManyStartTogether() throws Exception {
        Set<String> ids = new HashSet<>();
        try (ExecutorService servers = Executors.newFixedThreadPool(8)) {
            List<Future<KeyRing>> opened = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                opened.add(servers.submit(() -> keys(folder).open("address", "a")));
            }
            for (Future<KeyRing> ring : opened) {
                ids.add(ring.get().current().id());
            }
        }
        assertThat(ids).hasSize(1);
    }

    @Test
    void refusesToStartWithoutTheFileOfAKeyInUse() throws IOException {
        KeyRing first = keys(folder).open("address", "a");
        Files.delete(folder.resolve("address.keys"));
        assertThatThrownBy(() -> keys(folder).open("address", "a")).isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining(first.current().id())
                .hasMessageContaining("address.keys");
        assertThat(folder.resolve("address.keys")).doesNotExist();
    }

    @Test
    void refusesAReplicaWithAnotherKey(@TempDir Path other) {
        keys(folder).open("address", "a");
        new KeyFolder(other, new SecureRandom()).create("address", "a");
        assertThatThrownBy(() -> keys(other).open("address", "a")).isInstanceOf(UnusableSettingException.class);
    }

    @Test
    void doesNotRecordAKeyThatIsRefused() throws IOException {
        Files.writeString(folder.resolve("signing.keys"), "bad AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        UnusableSettingException refusal = new UnusableSettingException("bad", "take it out");
        assertThatThrownBy(() -> keys(folder).open("signing", "s", _ -> {
            throw refusal;
        })).isSameAs(refusal);
        Files.delete(folder.resolve("signing.keys"));
        assertThat(keys(folder).open("signing", "s").current().id()).startsWith("s");
    }

    @Test
    void takesKeysThatTheOperatorAdds() throws IOException {
        KeyRing first = keys(folder).open("address", "a");
        Files.writeString(folder.resolve("address.keys"),
                Files.readString(folder.resolve("address.keys"))
                        + "second AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        KeyRing both = keys(folder).open("address", "a");
        assertThat(both.current().id()).isEqualTo("second");
        assertThat(both.byId(first.current().id())).isPresent();
    }
}
