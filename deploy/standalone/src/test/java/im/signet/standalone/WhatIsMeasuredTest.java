package im.signet.standalone;

import im.signet.kit.token.AccessToken;
import im.signet.protocol.hash.LookupHash;
import im.signet.protocol.hash.Pepper;
import im.signet.protocol.identifier.Address;
import im.signet.protocol.identifier.Medium;
import im.signet.protocol.identifier.UserId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What a server measures is what docs/reference/metrics.md says, whatever people and attackers do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WhatIsMeasuredTest {

    private static final String V2 = "/_matrix/identity/v2";
    private static final String CANARY = "canary-7c1e";
    private static final Set<String> BESIDES_ROUTES = Set.of("NOT_FOUND", "UNKNOWN", "REDIRECTION", "root");

    /** What one service asks another, where they run apart. */
    private static final Set<String> ONLY_APART = Set.of("/_signet/holdings/of", "/_signet/holdings/end",
            "/_signet/holdings/send");

    private final MetricsReference reference = MetricsReference.read();
    private Town town;
    private SmsGateway gateway;

    @BeforeAll
    void start() {
        gateway = SmsGateway.start();
        town = Town.start(Map.of("management.server.port", "0", "signet.names.domains", "example.org",
                "signet.sms.url", gateway.url(), "signet.sms.countries", "GB", "signet.sms.body",
                "{\"to\":\"{to}\",\"text\":\"{text}\"}", "signet.limits.overviews-per-account", "1 then 1 per 1h"));
    }

    @AfterAll
    void stop() {
        town.close();
        gateway.close();
    }

    private record Endpoint(String method, String template) {}

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        town.server()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, _) -> mapping.getPatternValues().forEach(template -> {
                    for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                        endpoints.add(new Endpoint(method.name(), template));
                    }
                }));
        return endpoints;
    }

    private String signedIn(String name) {
        String token = town.register(town.homeserver.register(name));
        town.acceptTerms(token);
        return token;
    }

    @Test
    @Order(1)
    void countsWhatPeopleDo() throws InterruptedException {
        Scrape before = Scrape.of(town);
        UserId alice = town.homeserver.register("alice");
        town.publish(alice, "alice@example.org");
        String token = signedIn("bob");
        Pepper pepper = Pepper.parse(town.get(V2 + "/hash_details", token).json().string("lookup_pepper").orElseThrow())
                .orElseThrow();
        String known = LookupHash.of(Address.of(Medium.EMAIL, "alice@example.org"), pepper).value();
        String unknown = LookupHash.of(Address.of(Medium.EMAIL, "nobody@example.org"), pepper).value();
        assertThat(lookup(token, pepper.value(), known, unknown)).isEqualTo(200);
        assertThat(lookup(token, "of-yesterday", known)).isEqualTo(400);
        assertThat(town.post("/_signet/terms/manage", token, "").status()).isEqualTo(200);
        assertThat(town.post("/_signet/terms/manage", token, "").status()).isEqualTo(429);
        assertThat(town.post(V2 + "/store-invite", token, """
                {"medium":"email","address":"carol@example.org","room_id":"!r:example.org","sender":"@bob:%s"}"""
                .formatted(town.homeserver.serverName())).status()).isEqualTo(200);
        assertThat(town.get(V2 + "/account", "unknown").status()).isEqualTo(401);
        // A request is counted when all is done, which may be after its answer has come.
        Scrape after = awaitScrape(scrape -> scrape.sum("http_server_requests_seconds_count", "uri", V2 + "/account",
                "status", "401") > 0);
        assertThat(more(before, after, "signet_lookups_total", "outcome", "answered")).isEqualTo(1);
        assertThat(more(before, after, "signet_lookups_total", "outcome", "wrong_pepper")).isEqualTo(1);
        assertThat(more(before, after, "signet_lookup_addresses_total")).isEqualTo(2);
        assertThat(more(before, after, "signet_lookup_found_total")).isEqualTo(1);
        assertThat(more(before, after, "signet_validations_total", "medium", "email", "step", "begun")).isEqualTo(1);
        assertThat(more(before, after, "signet_validations_total", "medium", "email", "step", "confirmed"))
                .isEqualTo(1);
        assertThat(more(before, after, "signet_bindings_total", "medium", "email", "change", "bound")).isEqualTo(1);
        assertThat(more(before, after, "signet_registrations_total", "outcome", "registered")).isEqualTo(2);
        assertThat(more(before, after, "signet_terms_acceptances_total")).isEqualTo(2);
        assertThat(more(before, after, "signet_limit_refusals_total", "limit", "overviews-per-account")).isEqualTo(1);
        assertThat(more(before, after, "signet_invitations_total", "step", "stored")).isEqualTo(1);
        assertThat(more(before, after, "signet_introspections_total", "answer", "inactive")).isEqualTo(1);
        assertThat(more(before, after, "signet_introspections_total", "answer", "outstanding")).isPositive();
        assertThat(more(before, after, "signet_outbound_requests_total", "purpose", "openid", "outcome", "answered"))
                .isEqualTo(2);
        assertThat(after.sum("signet_pepper_age_seconds")).isNotNegative();
        assertThat(after.sum("signet_build_info")).isEqualTo(1);
    }

    private int lookup(String token, String pepper, String... hashes) {
        return town.post(V2 + "/lookup", token, "{\"algorithm\":\"sha256\",\"pepper\":\"" + pepper
                + "\",\"addresses\":[\"" + String.join("\",\"", hashes) + "\"]}").status();
    }

    private static double more(Scrape before, Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }

    private Scrape awaitScrape(Predicate<Scrape> wanted) throws InterruptedException {
        Scrape scrape = Scrape.of(town);
        for (int i = 0; i < 600 && !wanted.test(scrape); i++) {
            Thread.sleep(50);
            scrape = Scrape.of(town);
        }
        assertThat(wanted.test(scrape)).isTrue();
        return scrape;
    }

    /** Throws what a stranger can choose at every endpoint: in path, query, body, header, type and method. */
    private void attack() {
        String token = signedIn("mallory");
        String encoded = URLEncoder.encode(CANARY + "\"} 1\n# x", StandardCharsets.UTF_8);
        for (Endpoint endpoint : endpoints()) {
            String path = endpoint.template().replaceAll("\\{[^}]+}", encoded);
            for (String bearer : List.of("", token, CANARY)) {
                if (endpoint.template().endsWith("/logout")) {
                    continue;
                }
                town.send(endpoint.method(), path + "?token=" + encoded + "&" + CANARY + "=1", bearer,
                        "{\"" + CANARY + "\":\"" + CANARY + "\"}", "application/json", "User-Agent", CANARY,
                        "X-Request-Id", CANARY, "Accept-Language", CANARY, "Origin", "https://" + CANARY);
                town.send(endpoint.method(), path, bearer, CANARY + "=" + CANARY, "text/" + CANARY);
            }
            raw(CANARY.toUpperCase(Locale.ROOT) + " " + path + " HTTP/1.1");
            raw(endpoint.method() + " " + path + "/" + CANARY + " HTTP/1.1");
            raw(endpoint.method() + " /" + CANARY + path + " HTTP/1.1");
            raw(endpoint.method() + " " + path + ";" + CANARY + "=1 HTTP/1.1");
        }
        town.post(V2 + "/account/register", "",
                "{\"access_token\":\"" + CANARY + "\",\"matrix_server_name\":\"" + CANARY
                        + ".example\",\"expires_in\":1,\"token_type\":\"Bearer\"}");
        town.get(V2 + "/account", AccessToken.generate(new SecureRandom()).value());
    }

    private void raw(String requestLine) {
        String port = String.valueOf(town.server().getEnvironment().getProperty("local.server.port"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: " + CANARY + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(2)
    void hasNoLabelThatAStrangerChose() throws InterruptedException {
        attack();
        Scrape scrape = awaitScrape(each -> each.sum("http_server_requests_seconds_count", "method", "OTHER") > 0);
        assertThat(scrape.sum("http_server_requests_seconds_count", "uri", "NOT_FOUND")).isPositive();
        assertThat(scrape.samples().toString()).doesNotContainIgnoringCase(CANARY);
        List<String> surprises = new ArrayList<>();
        for (Scrape.Sample sample : scrape.samples()) {
            String family = scrape.familyOf(sample);
            sample.labels().forEach((label, value) -> {
                String allowed = reference.values().getOrDefault(family, Map.of()).getOrDefault(label, "nothing");
                if (!isAllowed(allowed, value)) {
                    surprises.add(family + " " + label + "=" + value + ", but " + allowed);
                }
            });
        }
        assertThat(surprises.stream().distinct()).isEmpty();
    }

    private boolean isAllowed(String cell, String value) {
        return switch (cell) {
            case "*a route*" -> BESIDES_ROUTES.contains(value) || reference.routes().contains(value);
            case "*a status*" -> value.matches("[1-5][0-9][0-9]");
            case "*of the JVM*" -> ofTheJvm().contains(value);
            case "*the data directory*" -> value.endsWith("/data");
            case "*a class of ours*" -> value.matches("im\\.signet\\.[A-Za-z.]+|org\\.junit\\.[A-Za-z.]+|.*surefire.*");
            case "*a version*" -> value.matches("[0-9][0-9A-Za-z.-]*|unpacked");
            default -> MetricsReference.codes(cell).contains(value);
        };
    }

    /** Returns what this JVM calls its parts, and why it pauses. */
    private static Set<String> ofTheJvm() {
        Set<String> names = new HashSet<>(List.of("heap", "nonheap", System.getProperty("java.runtime.name"),
                System.getProperty("java.vm.vendor"), System.getProperty("java.vendor"),
                System.getProperty("java.runtime.version"), "Java Object Layout"));
        ManagementFactory.getMemoryPoolMXBeans().forEach(pool -> names.add(pool.getName()));
        ManagementFactory.getGarbageCollectorMXBeans().forEach(collector -> names.add(collector.getName()));
        ManagementFactory.getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class)
                .forEach(pool -> names.add(pool.getName()));
        names.add(ManagementFactory.getCompilationMXBean().getName());
        for (Thread.State state : Thread.State.values()) {
            names.add(state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        names.addAll(Set.of("end of minor GC", "end of major GC", "Allocation Failure", "Metadata GC Threshold",
                "System.gc()", "Ergonomics", "G1 Evacuation Pause", "G1 Humongous Allocation", "CodeCache GC Threshold",
                "GCLocker Initiated GC", "G1 Preventive Collection", "long-lived", "life after GC"));
        return names;
    }

    @Test
    @Order(3)
    void measuresWhatItsReferenceSaysAndNothingElse() {
        Scrape scrape = Scrape.of(town);
        // Of pauses there is nothing before the first.
        Set<String> found = new TreeSet<>(scrape.metrics().keySet());
        Set<String> documented = new TreeSet<>(reference.metrics().keySet());
        documented.removeIf(name -> name.startsWith("jvm_gc_pause") && !found.contains(name));
        assertThat(found).isEqualTo(documented);
        scrape.metrics().forEach((name, metric) -> {
            MetricsReference.Metric row = Objects.requireNonNull(reference.metrics().get(name));
            assertThat(row.type()).as(name).isEqualTo(metric.type());
            if (name.startsWith("signet_")) {
                assertThat(row.meaning()).as(name).isEqualTo(metric.help());
            }
            assertThat(row.meaning()).as(name).isNotBlank();
            Set<String> labels = scrape.samples()
                    .stream()
                    .filter(sample -> scrape.familyOf(sample).equals(name))
                    .flatMap(sample -> sample.labels().keySet().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(row.labels()).as(name).isEqualTo(labels);
            assertThat(reference.values().getOrDefault(name, Map.of()).keySet()).as(name).isEqualTo(labels);
        });
    }

    @Test
    @Order(4)
    void hasEachValueOfItsOwnLabelsFromTheStart() {
        Scrape scrape = Scrape.of(town);
        reference.values().forEach((name, labels) -> {
            if (name.startsWith("signet_") && !name.equals("signet_build_info")) {
                labels.forEach((label, cell) -> {
                    Set<String> values = scrape.samples()
                            .stream()
                            .filter(sample -> sample.name().equals(name))
                            .map(sample -> sample.labels().getOrDefault(label, ""))
                            .collect(Collectors.toSet());
                    assertThat(values).as(name + " " + label).isEqualTo(MetricsReference.codes(cell));
                });
            }
        });
    }

    @Test
    @Order(5)
    void listsEveryRoute() {
        assertThat(reference.routes()).isEqualTo(
                Stream.concat(endpoints().stream()
                        .map(endpoint -> endpoint.template()
                                .replaceAll("\\{(\\w+):[^{}]*}", "{$1}")),
                        ONLY_APART.stream())
                        .collect(Collectors.toSet()));
    }

    private static final Path FILES = Path.of("../../deploy/observability");

    private static Map<String, Object> yaml(String file) throws IOException {
        return new Yaml().load(Files.readString(FILES.resolve(file)));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(@Nullable Object value) {
        return (List<Map<String, Object>>) Objects.requireNonNull(value);
    }

    private static List<Map<String, Object>> alerts() throws IOException {
        return list(yaml("alerts.yaml").get("groups")).stream()
                .flatMap(group -> list(group.get("rules")).stream())
                .toList();
    }

    /** Returns the expressions of the dashboard, by what they stand for. */
    private static Map<String, String> drawn() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FILES.resolve("grafana-dashboard.json")));
        Map<String, String> expressions = new LinkedHashMap<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
                expressions.put(panel.get("title").asString() + " " + target.get("refId").asString(),
                        target.get("expr").asString());
            }
        }
        assertThat(expressions).hasSizeGreaterThan(30);
        return expressions;
    }

    @Test
    @Order(6)
    void drawsAndAlertsByWhatIsMeasured() throws IOException {
        Map<String, String> expressions = new LinkedHashMap<>(drawn());
        alerts().forEach(
                alert -> expressions.put(String.valueOf(alert.get("alert")), String.valueOf(alert.get("expr"))));
        Scrape scrape = Scrape.of(town);
        expressions.forEach((where, expression) -> {
            PromQl read = PromQl.parse(expression);
            assertThat(read.selectors()).as(where).isNotEmpty();
            Set<String> labels = new TreeSet<>(Set.of("job", "instance"));
            for (PromQl.Selector selector : read.selectors()) {
                Set<String> own = new TreeSet<>(Set.of("job", "instance"));
                if (!selector.metric().equals("up") && !isOfAPause(selector.metric())) {
                    assertThat(scrape.samples().stream().map(Scrape.Sample::name)).as(where)
                            .contains(selector.metric());
                    own.addAll(scrape.labelsOf(selector.metric()));
                }
                labels.addAll(own);
                for (PromQl.Condition condition : selector.conditions()) {
                    assertThat(own).as(where + ": " + selector.metric()).contains(condition.label());
                    if (condition.operator().equals("=") && selector.metric().startsWith("signet_")
                            && !condition.label().equals("job")) {
                        assertThat(scrape.samples()).as(where + ": " + condition)
                                .anyMatch(sample -> sample.name().equals(selector.metric())
                                        && sample.has(condition.label(), condition.value()));
                    }
                }
            }
            assertThat(labels).as(where).containsAll(read.groupings());
        });
    }

    // Of pauses there is nothing before the first.
    private static boolean isOfAPause(String metric) {
        return metric.startsWith("jvm_gc_pause_seconds");
    }

    @Test
    @Order(7)
    void saysOfEachAlertWhatToDo() throws IOException {
        Set<String> sections = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("../../docs/howto/observe.md"))) {
            if (line.startsWith("### Signet")) {
                sections.add(line.substring(4));
            }
        }
        Set<String> names = new TreeSet<>();
        for (Map<String, Object> alert : alerts()) {
            String name = String.valueOf(alert.get("alert"));
            names.add(name);
            assertThat(alert.get("labels")).as(name)
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsKey("severity");
            assertThat(alert.get("annotations")).as(name)
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsKeys("summary", "description")
                    .containsEntry("runbook_url", "docs/howto/observe.md#" + name.toLowerCase(Locale.ROOT));
        }
        assertThat(names).isEqualTo(sections);
        assertThat(list(yaml("alerts-test.yaml").get("tests")).stream().map(test -> test.get("name")))
                .containsAll(names);
    }

    @Test
    @Order(8)
    void scrapesWhereMetricsAre() throws IOException {
        Map<String, Object> job = list(yaml("prometheus.yaml").get("scrape_configs")).getFirst();
        assertThat(job).containsEntry("metrics_path", "/actuator/prometheus").containsEntry("job_name", "signet");
        assertThat(yaml("prometheus.yaml")).containsEntry("rule_files", List.of("alerts.yaml"));
    }
}
