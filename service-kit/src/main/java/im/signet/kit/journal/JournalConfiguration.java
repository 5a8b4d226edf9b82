package im.signet.kit.journal;

import im.signet.kit.settings.SignetProperties;

import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the journal that the services of a process share. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JournalProperties.class)
public class JournalConfiguration {

    /** Spring makes the one instance. */
    public JournalConfiguration() {}

    @Bean
    JournalFolder journalFolder(JournalProperties journal, SignetProperties signet, Clock clock, SecureRandom random) {
        return JournalFolder.open(journal.folderIn(signet.dataDir()), journal.keep(), clock, random);
    }
}
