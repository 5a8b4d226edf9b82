package im.signet.identity.validation;

import im.signet.identity.IdentityScene;
import im.signet.identity.Person;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The limits fail closed. */
@TestPropertySource(properties = {"signet.limits.enabled=true", "spring.application.name=without-a-database"})
@DirtiesContext
class LimitsWithoutADatabaseTest extends IdentityScene {

    @Autowired
    private HikariDataSource pool;

    @Test
    void letsNothingThrough() {
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(freshAddress(), freshSecret())).outcome()).isEqualTo("200");
        awaitEmptyOutbox();
        pool.close();
        assertThat(post(REQUEST_TOKEN, Person.ALICE, wish(freshAddress(), freshSecret())).outcome())
                .isEqualTo("500 M_UNKNOWN");
        assertThat(post(V2 + "/store-invite", Person.ALICE, """
                {"medium":"email","address":"%s","room_id":"!a:example.org","sender":"%s"}"""
                .formatted(freshAddress(), Person.ALICE.user().value())).outcome()).isEqualTo("500 M_UNKNOWN");
    }
}
