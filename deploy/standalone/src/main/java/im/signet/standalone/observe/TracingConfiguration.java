package im.signet.standalone.observe;

import im.signet.kit.settings.UnusableSettingException;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sends traces to a collector, where the operator names one. Otherwise no class of OpenTelemetry is loaded. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("signet.tracing.endpoint")
@EnableConfigurationProperties(TracingProperties.class)
class TracingConfiguration {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration OFTEN = Duration.ofSeconds(1);

    // Closing it sends what is left.
    @Bean(destroyMethod = "close")
    SdkTracerProvider tracerProvider(TracingProperties settings) {
        URI endpoint = Objects.requireNonNull(settings.endpoint());
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(checked(endpoint).toString())
                .setTimeout(PATIENCE)
                .build();
        return SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "signet")))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.percent() / 100.0)))
                .setSpanLimits(SpanLimits.builder().setMaxNumberOfAttributes(8).setMaxNumberOfEvents(0).build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(OFTEN)
                        .setExporterTimeout(PATIENCE)
                        .build())
                .build();
    }

    private static URI checked(URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
            throw new UnusableSettingException("signet.tracing.endpoint is no http or https URL.",
                    "Give the whole URL of a collector, such as http://127.0.0.1:4318/v1/traces.");
        }
        return endpoint;
    }

    @Bean
    RequestSpans requestSpans(SdkTracerProvider provider) {
        return new RequestSpans(provider.get("im.signet"));
    }
}
