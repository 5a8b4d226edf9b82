package im.signet.kit.page;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What a service imports to show pages and to write mails. */
@Configuration(proxyBeanMethods = false)
@Import(StyleSheetController.class)
public class PageConfiguration {

    @Bean
    Templates templates() {
        return new Templates();
    }

    @Bean
    Pages pages(Templates templates) {
        return new Pages(templates);
    }
}
