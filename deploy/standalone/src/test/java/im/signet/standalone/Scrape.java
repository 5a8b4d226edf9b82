package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answers at /actuator/prometheus, in Prometheus's text format.
 *
 * @param metrics by the name of their family
 * @param samples all of them
 */
record Scrape(Map<String, Metric> metrics, List<Sample> samples) {

    private static final Pattern SAMPLE = Pattern.compile("([a-z_:][a-z0-9_:]*)(?:\\{(.*)})? (\\S+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?",
            Pattern.CASE_INSENSITIVE);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A family. */
    record Metric(String type, String help) {}

    /** A series and its value. */
    record Sample(String name, Map<String, String> labels, double value) {

        boolean has(String... namesAndValues) {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (!namesAndValues[i + 1].equals(labels.get(namesAndValues[i]))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Asks a server in this process. */
    static Scrape of(Town town) {
        return of(Integer.parseInt(String.valueOf(
                town.server().getEnvironment().getProperty("local.management.port"))));
    }

    /** Asks the management port of a server on this machine. */
    static Scrape of(int port) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                            .timeout(Duration.ofMinutes(1))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return parse(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Scrape parse(String text) {
        Map<String, String> helps = new TreeMap<>();
        Map<String, Metric> metrics = new TreeMap<>();
        List<Sample> samples = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                metrics.put(words[2], new Metric(words[3], helps.getOrDefault(words[2], "")));
            } else if (!line.startsWith("#")) {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new AssertionError("not a sample: " + line);
                }
                Map<String, String> labels = new LinkedHashMap<>();
                if (sample.group(2) != null) {
                    Matcher label = LABEL.matcher(sample.group(2));
                    while (label.lookingAt()) {
                        labels.put(label.group(1), label.group(2));
                        label.region(label.end(), sample.group(2).length());
                    }
                }
                samples.add(new Sample(sample.group(1), labels, Double.parseDouble(
                        sample.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity"))));
            }
        }
        return new Scrape(metrics, samples);
    }

    /** Returns the family that a sample belongs to: of a histogram, its buckets, sum and count do as well. */
    String familyOf(Sample sample) {
        String name = sample.name();
        if (metrics.containsKey(name)) {
            return name;
        }
        for (String suffix : List.of("_bucket", "_sum", "_count")) {
            if (name.endsWith(suffix) && metrics.containsKey(name.substring(0, name.length() - suffix.length()))) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        throw new AssertionError("of no family: " + name);
    }

    /** Returns the labels that the samples of this very name have. */
    Set<String> labelsOf(String sampleName) {
        Set<String> labels = new TreeSet<>();
        samples.stream()
                .filter(sample -> sample.name().equals(sampleName))
                .forEach(
                        sample -> labels.addAll(sample.labels().keySet()));
        return labels;
    }

    /** Returns the sum of the samples of that name with those labels. */
    double sum(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.has(labels))
                .mapToDouble(Sample::value)
                .sum();
    }
}
