package im.signet.standalone.observe;

import im.signet.kit.metric.Gauged;
import im.signet.kit.metric.Tally;
import im.signet.kit.outbox.Chore;
import im.signet.kit.outbox.Outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.observation.ServerRequestObservationConvention;

/** What is measured, and under which names: docs/reference/metrics.md lists all of it, and a test holds it to that. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    private static final List<String> MEASURED = List.of("signet.", "http.server.requests", "hikaricp.", "jvm.",
            "process.", "system.cpu.", "system.load.", "disk.", "logback.events", "application.");

    /** Requests are told apart by what the server knows of them, and by nothing that a client sent. */
    @Bean
    ServerRequestObservationConvention closedRequestConvention() {
        return new ClosedRequestConvention();
    }

    /** What a library begins to measure is left out until somebody has looked at its labels. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    MeterFilter onlyWhatIsKnown() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return MEASURED.stream().anyMatch(id.getName()::startsWith)
                        ? MeterFilterReply.NEUTRAL
                        : MeterFilterReply.DENY;
            }

            // The class of an exception says less than the status does, and a new one would be a new series.
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().startsWith("http.server.requests")
                        ? id.replaceTags(id.getTags().stream().filter(tag -> !tag.getKey().equals("error")).toList())
                        : id;
            }

            // Of requests under way, how many there are is what matters.
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals("http.server.requests.active")
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives()
                                .percentilesHistogram(false)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }

    /** Counts of the services. Each stands in a constant of a bean, so all are there by now, and begin at 0. */
    @Bean
    MeterBinder tallies() {
        return registry -> Tally.all()
                .forEach(tally -> tally.series()
                        .forEach(series -> FunctionCounter
                                .builder(tally.name(), series.counter(), LongAdder::sum)
                                .description(tally.meaning())
                                .tags(tags(series.labels()))
                                .register(registry)));
    }

    /** The state of the services. */
    @Bean
    MeterBinder readings(ObjectProvider<Gauged> ofServices, Map<String, Outbox> outboxes, Clock clock) {
        List<Gauged> gauges = new ArrayList<>(ofServices.stream().toList());
        outboxes.forEach((bean, outbox) -> gauges.addAll(ofOutbox(bean, outbox, clock)));
        Readings readings = new Readings(() -> gauges);
        return registry -> gauges.forEach(gauge -> Gauge.builder(gauge.name(), () -> readings.value(gauge))
                .description(gauge.meaning())
                .tags(tags(gauge.labels()))
                .strongReference(true)
                .register(registry));
    }

    private static List<Gauged> ofOutbox(String bean, Outbox outbox, Clock clock) {
        List<Gauged> gauges = new ArrayList<>();
        for (String channel : outbox.channels()) {
            Map<String, String> labels = Map.of("channel", channel);
            gauges.add(new Gauged("signet.outbox.waiting", "Letters that wait to leave the server", labels,
                    () -> OptionalDouble.of((double) outbox.waiting(channel))));
            gauges.add(new Gauged("signet.outbox.oldest.age.seconds",
                    "How long the oldest letter waits, of those that are due or were tried in vain", labels,
                    () -> OptionalDouble.of(outbox.oldest(channel).map(since -> seconds(since, clock)).orElse(0.0))));
        }
        for (Chore chore : outbox.chores()) {
            Map<String, String> labels = Map.of("service", bean.replace("Outbox", ""), "task", chore.name());
            gauges.add(new Gauged("signet.job.interval.seconds", "The pause between two runs of a recurring job",
                    labels, () -> OptionalDouble.of(chore.every().toMillis() / 1000.0)));
            gauges.add(new Gauged("signet.job.last.success.age.seconds",
                    "How long ago a recurring job last ended well, on whatever replica", labels,
                    () -> outbox.lastSuccess(chore)
                            .map(at -> OptionalDouble.of(seconds(at, clock)))
                            .orElseGet(OptionalDouble::empty)));
        }
        return gauges;
    }

    private static double seconds(Instant since, Clock clock) {
        return Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
    }

    /** What came of tries to deliver. */
    @Bean
    MeterBinder deliveries(Map<String, Outbox> outboxes) {
        return registry -> outboxes.values()
                .forEach(outbox -> outbox.channels().forEach(channel -> {
                    for (Outbox.Outcome outcome : Outbox.Outcome.values()) {
                        FunctionCounter.builder("signet.outbox.tries", outbox, box -> box.count(channel, outcome))
                                .description("Tries to deliver a letter")
                                .tag("channel", channel)
                                .tag("outcome", Tally.valueOf(outcome))
                                .register(registry);
                    }
                }));
    }

    /** Whether requests are served, as readiness says on the same port. */
    @Bean
    MeterBinder ready(ApplicationAvailability availability, DatabaseReachable database) {
        return registry -> Gauge.builder("signet.ready", () -> isReady(availability, database) ? 1 : 0)
                .description("1 when this process is ready, else 0: it starts, stops, or has no database")
                .register(registry);
    }

    private static boolean isReady(ApplicationAvailability availability, DatabaseReachable database) {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC
                && database.health().getStatus().equals(Status.UP);
    }

    /** Which version runs. */
    @Bean
    MeterBinder build() {
        return registry -> {
            String version = MetricsConfiguration.class.getPackage().getImplementationVersion();
            Gauge.builder("signet.build.info", () -> 1)
                    .description("Always 1; the version is a label")
                    .tag("version", version == null ? "unpacked" : version)
                    .tag("java", String.valueOf(Runtime.version().feature()))
                    .register(registry);
        };
    }

    private static Tags tags(Map<String, String> labels) {
        return Tags.of(labels.entrySet().stream().map(label -> Tag.of(label.getKey(), label.getValue())).toList());
    }
}
