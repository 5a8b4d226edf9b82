package im.signet.identity.administration;

import im.signet.identity.association.Associations;
import im.signet.identity.invitation.InvitationCancellation;

import javax.sql.DataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * The associations and all that follows when one is removed, on one connection. No {@code @Configuration}: a server, which
 * looks for those, has these beans already.
 */
@EnableTransactionManagement(proxyTargetClass = true)
@EnableJdbcRepositories(basePackageClasses = {Associations.class, InvitationCancellation.class})
@Import({Associations.class, InvitationCancellation.class})
class AdministrationBeans extends AbstractJdbcConfiguration {

    @Bean
    NamedParameterJdbcOperations namedParameterJdbcOperations(DataSource dataSource) {
        return new NamedParameterJdbcTemplate(dataSource);
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }
}
