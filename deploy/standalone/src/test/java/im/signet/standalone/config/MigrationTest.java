package im.signet.standalone.config;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationTest {

    private static Migration migration(String sql) {
        return Migration.of("V20261121_2500__change_much.sql", sql);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ALTER TABLE a DROP COLUMN b;| CONTRACTS", "DROP TABLE a;| CONTRACTS",
        "DROP INDEX a;| CONTRACTS",
        "ALTER TABLE a RENAME COLUMN b TO c;| CONTRACTS", "ALTER TABLE a ALTER COLUMN b SET NOT NULL;| CONTRACTS",
        "UPDATE a SET b = 1;| LONG", "ALTER TABLE a ALTER COLUMN b TYPE bigint;| LONG", "DELETE FROM a;| IRREVERSIBLE"})
    void tellsFromItsStatements(String sql, Migration.Concern concern) {
        assertThat(migration("-- Why.\n" + sql).remarks()).extracting(Migration.Remark::concern)
                .containsExactly(concern);
    }

    @Test
    void tellsNothingOfWhatOnlyAdds() {
        Migration adding = migration("-- Does not DROP TABLE a, nor\n-- UPDATE it.\nCREATE TABLE b (c int NOT NULL);\n"
                + "ALTER TABLE a ADD COLUMN d int;");
        assertThat(adding.remarks()).isEmpty();
        assertThat(adding.version()).isEqualTo("20261121.2500");
        assertThat(adding.description()).isEqualTo("change much");
    }

    @Test
    void tellsWhatItsAuthorWroteDown() {
        assertThat(migration("-- Why.\n-- upgrade: long: builds an index over all lookups\nCREATE INDEX a ON b (c);")
                .remarks())
                .containsExactly(new Migration.Remark(Migration.Concern.LONG, "builds an index over all lookups"));
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void knowsWhatThisProgramBrings(Service service) {
        assertThat(UpgradePlan.brought(service)).hasSizeGreaterThan(3)
                .extracting(Migration::version)
                .isSorted()
                .contains("20261121.0100");
    }

    @Test
    void tellsOfSettingsThatAreNoMore() {
        SettingsSources sources = SettingsSources.read(java.util.List.of("--signet.old.thing=1"));
        assertThat(
                ChangedSettings.in(sources, Map.of("signet.old.thing", "Write signet.new.thing.", "signet.other", "x")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.where()).isEqualTo("command line");
                    assertThat(finding.mend()).isEqualTo("Write signet.new.thing.");
                });
    }
}
