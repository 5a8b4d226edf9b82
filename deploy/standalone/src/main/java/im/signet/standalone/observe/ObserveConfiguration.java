package im.signet.standalone.observe;

import javax.sql.DataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything that can be seen of a running server. */
@Configuration(proxyBeanMethods = false)
@Import({MetricsConfiguration.class, TracingConfiguration.class})
public class ObserveConfiguration {

    @Bean
    DatabaseReachable databaseHealthIndicator(DataSource dataSource) {
        return new DatabaseReachable(dataSource);
    }
}
