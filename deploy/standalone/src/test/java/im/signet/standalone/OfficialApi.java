package im.signet.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The Identity Service API as the specification's OpenAPI files define it: its operations, and the schemas of their answers. */
final class OfficialApi {

    private static final Pattern STATUS = Pattern.compile("\\d{3}");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    // By "METHOD /path" and status; empty where the status is documented without a schema (a page).
    private final SequencedMap<String, Map<Integer, Optional<Schema>>> operations = new LinkedHashMap<>();

    private OfficialApi(Path identity) throws IOException {
        try (Stream<Path> files = Files.list(identity)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".yaml")).sorted().toList()) {
                add(file);
            }
        }
    }

    /** Returns the API as found in the folder `matrix-spec` of the shared material; empty when that is not here. */
    static Optional<OfficialApi> find() {
        String named = System.getProperty("shared.folder");
        Path shared = named != null ? Path.of(named) : Path.of("..", "..").resolve("../shared");
        Path identity = shared.resolve("matrix-spec/api/identity");
        try {
            return Files.isDirectory(identity) ? Optional.of(new OfficialApi(identity)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Path file) throws IOException {
        Map<?, ?> document = object(resolved(load(file), file));
        String base = String.valueOf(at(document, "servers", 0, "variables", "basePath", "default"));
        object(document.get("paths")).forEach((path, methods) -> object(methods).forEach((method, operation) -> {
            Map<Integer, Optional<Schema>> answers = new TreeMap<>();
            object(object(operation).get("responses")).forEach((status, response) -> {
                if (!STATUS.matcher(String.valueOf(status)).matches()) {
                    return; // 3XX, which has no body
                }
                Object schema = at(response, "content", "application/json", "schema");
                answers.put(Integer.parseInt(String.valueOf(status)),
                        Optional.ofNullable(schema).map(found -> registry.getSchema(JSON.writeValueAsString(found))));
            });
            operations.put(String.valueOf(method).toUpperCase(java.util.Locale.ROOT) + " " + base + path, answers);
        }));
    }

    /** Returns every operation as "METHOD /path". */
    List<String> operations() {
        return List.copyOf(operations.keySet());
    }

    /** Returns the statuses that an operation documents. */
    List<Integer> statuses(String operation) {
        return List.copyOf(answers(operation).keySet());
    }

    /** Returns what is wrong with an answer; empty when it is as documented, or its status has no schema. */
    List<String> violations(String operation, int status, String body) {
        return answers(operation).getOrDefault(status, Optional.empty())
                .map(schema -> schema.validate(body, InputFormat.JSON).stream().map(Error::toString).toList())
                .orElse(List.of());
    }

    private Map<Integer, Optional<Schema>> answers(String operation) {
        Map<Integer, Optional<Schema>> answers = operations.get(operation);
        if (answers == null) {
            throw new IllegalArgumentException("the specification has no " + operation);
        }
        return answers;
    }

    private static Object load(Path file) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the node with every reference replaced by what it points to. */
    private static @Nullable Object resolved(@Nullable Object node, Path file) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                return followed(reference, file);
            }
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(name, resolved(value, file)));
            return copy;
        }
        if (node instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(resolved(item, file)));
            return copy;
        }
        return node;
    }

    private static @Nullable Object followed(String reference, Path file) {
        int hash = reference.indexOf('#');
        String name = hash < 0 ? reference : reference.substring(0, hash);
        Path target = name.isEmpty() ? file : file.resolveSibling(name).normalize();
        Object node = load(target);
        if (hash >= 0) {
            for (String step : reference.substring(hash + 1).split("/", -1)) {
                node = step.isEmpty() ? node : object(node).get(step);
            }
        }
        return resolved(node, target);
    }

    private static Map<?, ?> object(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable Object at(@Nullable Object node, Object... steps) {
        Object at = node;
        for (Object step : steps) {
            if (at instanceof Map<?, ?> map) {
                at = map.get(step);
            } else if (at instanceof List<?> list && step instanceof Integer index && index < list.size()) {
                at = list.get(index);
            } else {
                return null;
            }
        }
        return at;
    }
}
