package im.signet.kit.web;

import im.signet.kit.outbound.WireLogging;

import java.security.SecureRandom;
import java.util.List;

import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What a service imports to answer HTTP as the Matrix specification. */
@Configuration(proxyBeanMethods = false)
@Import({ErrorAdvice.class, ContainerErrors.class})
@EnableConfigurationProperties({ProxyProperties.class, DrainProperties.class})
public class WebConfiguration implements WebMvcConfigurer {

    private final ClientAddressResolver clients;

    /** Spring makes the one instance, before any request comes. */
    WebConfiguration(ProxyProperties proxies) {
        WireLogging.silence();
        this.clients = new ClientAddressResolver(new TrustedProxies(proxies.trustedProxies()));
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new ParamsResolver());
        resolvers.add(clients);
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.addCustomConverter(new JsonObjectConverter());
    }

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        // Every endpoint has one representation; a client that asks for another gets that one.
        negotiation.strategies(List.of(_ -> List.of(MediaType.ALL)));
    }

    @Bean
    Drain drain(ApplicationContext context, DrainProperties properties) {
        return new Drain(context, properties.drainTime());
    }

    @Bean
    FilterRegistrationBean<ResponseHeaders> responseHeaders(Drain drain) {
        FilterRegistrationBean<ResponseHeaders> registration = new FilterRegistrationBean<>(new ResponseHeaders(drain));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestIds(ObjectProvider<SecureRandom> random) {
        return factory -> factory.addContextValves(
                new RequestIdValve(clients::cameFromAProxy, random.getIfAvailable(SecureRandom::new)));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> errorsBeforeAnyFilter() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ErrorValve.class.getName());
            }
        });
    }
}
