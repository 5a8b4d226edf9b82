package im.signet.kit;

import im.signet.kit.database.DatabaseConfiguration;
import im.signet.kit.homeserver.HomeserverConfiguration;
import im.signet.kit.journal.JournalConfiguration;
import im.signet.kit.limit.LimitConfiguration;
import im.signet.kit.page.PageConfiguration;
import im.signet.kit.settings.SettingsConfiguration;
import im.signet.kit.token.TokenConfiguration;
import im.signet.kit.web.WebConfiguration;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything that a service of ours stands on; each service imports it once, and so does the standalone server. */
@Configuration(proxyBeanMethods = false)
@Import({SettingsConfiguration.class, WebConfiguration.class, TokenConfiguration.class, DatabaseConfiguration.class,
    HomeserverConfiguration.class, JournalConfiguration.class, LimitConfiguration.class, PageConfiguration.class})
public class KitConfiguration {}
