package im.signet.standalone.observe;

import java.net.URI;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where traces go.
 *
 * @param endpoint the URL at which a collector takes traces by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; without
 *                 one nothing is traced
 * @param percent  of how many of a hundred requests there is a trace
 */
@Validated
@ConfigurationProperties("signet.tracing")
record TracingProperties(@Nullable URI endpoint, @DefaultValue("100") @Min(0) @Max(100) int percent) {}
