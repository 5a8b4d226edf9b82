package im.signet.kit.page;

import im.signet.kit.settings.SignetProperties;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What a service imports to show pages and to write mails; it has a {@link TemplateCatalog} of those that it writes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TemplateProperties.class)
@Import(StyleSheetController.class)
public class PageConfiguration {

    @Bean
    Templates templates(TemplateProperties settings, SignetProperties signet,
            ObjectProvider<TemplateCatalog> catalogs) {
        String basePath = Optional.ofNullable(URI.create(signet.publicUrlOf("")).getRawPath()).orElse("");
        Templates templates = new Templates(settings.templates(), settings.language(), signet.serverName().value(),
                basePath);
        templates.refuseUnusable(catalogs.stream().flatMap(catalog -> catalog.templates().stream()).toList());
        return templates;
    }

    @Bean
    Pages pages(Templates templates) {
        return new Pages(templates);
    }

    @Bean
    WebMvcConfigurer audiences(Templates templates) {
        return new WebMvcConfigurer() {

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new AudienceResolver(templates));
            }
        };
    }
}
