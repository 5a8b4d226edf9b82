package im.signet.standalone.backup;

import im.signet.protocol.Parsed;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What a backup says of itself: no secret, and no word of anybody's data.
 *
 * @param program    the version of the program that wrote it
 * @param takenAt    when, by the clock of the database
 * @param snapshot   PostgreSQL's name of what was seen of running transactions
 * @param postgresql the version of PostgreSQL
 * @param schemas    what is in it
 */
record Manifest(String program, Instant takenAt, String snapshot, String postgresql, List<Schema> schemas) {

    static final int FORMAT = 1;
    static final String NAME = "manifest.json";
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(16 * 1024 * 1024, 16);

    Manifest {
        schemas = List.copyOf(schemas);
    }

    /**
     * A service's schema.
     *
     * @param version  the newest migration in its history
     * @param tables   the tables
     * @param keys     the keys that its rows need, by their ids
     * @param journals the journals that its servers write, by their ids
     */
    record Schema(String name, String version, List<Table> tables, List<KeyId> keys, List<String> journals) {

        Schema {
            tables = List.copyOf(tables);
            keys = List.copyOf(keys);
            journals = List.copyOf(journals);
        }

        /** Returns the table of that name. */
        Optional<Table> table(String table) {
            return tables.stream().filter(one -> one.name().equals(table)).findFirst();
        }
    }

    /** The id of a key of a purpose. */
    record KeyId(String purpose, String id) {}

    /**
     * A table.
     *
     * @param entry     the file in the backup that holds its rows
     * @param columns   the columns, in the order of the file
     * @param rows      how many rows
     * @param sha256    of the file, in hexadecimal
     * @param sequences where its numbers go on
     */
    record Table(String name, String entry, List<String> columns, long rows, String sha256, List<Sequence> sequences) {

        Table {
            columns = List.copyOf(columns);
            sequences = List.copyOf(sequences);
        }
    }

    /** The sequence of a column: the number that it gave last, and whether it has given any. */
    record Sequence(String column, long last, boolean called) {}

    /** Returns it as the file that a backup holds. */
    byte[] toBytes() {
        return StrictJson.write(JsonObject.builder()
                .put("format", FORMAT)
                .put("program", program)
                .put("taken_at", takenAt.toString())
                .put("snapshot", snapshot)
                .put("postgresql", postgresql)
                .put("schemas", array(schemas.stream().map(Manifest::json).toList()))
                .build()).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(Schema schema) {
        return JsonObject.builder()
                .put("name", schema.name())
                .put("version", schema.version())
                .put("tables", array(schema.tables().stream().map(Manifest::json).toList()))
                .put("keys", array(schema.keys()
                        .stream()
                        .map(key -> JsonObject.builder().put("purpose", key.purpose()).put("id", key.id()).build())
                        .toList()))
                .put("journals", strings(schema.journals()))
                .build();
    }

    private static JsonObject json(Table table) {
        return JsonObject.builder()
                .put("name", table.name())
                .put("entry", table.entry())
                .put("columns", strings(table.columns()))
                .put("rows", table.rows())
                .put("sha256", table.sha256())
                .put("sequences", array(table.sequences()
                        .stream()
                        .map(sequence -> JsonObject.builder()
                                .put("column", sequence.column())
                                .put("last", sequence.last())
                                .put("called", sequence.called())
                                .build())
                        .toList()))
                .build();
    }

    private static JsonArray array(List<JsonObject> objects) {
        return JsonArray.of(List.<Json>copyOf(objects));
    }

    private static JsonArray strings(List<String> texts) {
        return JsonArray.of(texts.stream().<Json>map(JsonString::new).toList());
    }

    /**
     * Reads it.
     *
     * @throws Refusal when it is none, or of a version that is not known here
     */
    static Manifest parse(byte[] bytes) throws Refusal {
        if (!(StrictJson.parseObject(bytes, LIMITS) instanceof Parsed.Ok<JsonObject>(JsonObject json))) {
            throw Refusal.file("The manifest of the backup cannot be read.");
        }
        long format = json.integer("format").orElse(0L);
        if (format > FORMAT) {
            throw Refusal.file("The backup is of the format " + format + ", which a newer version of Signet wrote ("
                    + json.string("program").orElse("it does not say which") + "). Use that version.");
        }
        try {
            List<Schema> schemas = new ArrayList<>();
            for (JsonObject schema : objects(json, "schemas")) {
                schemas.add(schema(schema));
            }
            return new Manifest(text(json, "program"), Instant.parse(text(json, "taken_at")), text(json, "snapshot"),
                    text(json, "postgresql"), schemas);
        } catch (NoSuchElementException | DateTimeParseException incomplete) {
            throw Refusal.file("The manifest of the backup lacks something.");
        }
    }

    private static Schema schema(JsonObject json) {
        List<Table> tables = objects(json, "tables").stream()
                .map(table -> new Table(text(table, "name"), text(table, "entry"), texts(table, "columns"),
                        number(table, "rows"), text(table, "sha256"),
                        objects(table, "sequences").stream()
                                .map(sequence -> new Sequence(text(sequence, "column"), number(sequence, "last"),
                                        sequence.bool("called").orElseThrow()))
                                .toList()))
                .toList();
        List<KeyId> keys = objects(json, "keys").stream()
                .map(key -> new KeyId(text(key, "purpose"), text(key, "id")))
                .toList();
        return new Schema(text(json, "name"), text(json, "version"), tables, keys, texts(json, "journals"));
    }

    private static String text(JsonObject json, String name) {
        return json.string(name).orElseThrow();
    }

    private static long number(JsonObject json, String name) {
        return json.integer(name).orElseThrow();
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        return json.array(name).orElseThrow().items().stream().map(item -> switch (item) {
            case JsonObject object -> object;
            default -> throw new NoSuchElementException(name);
        }).toList();
    }

    private static List<String> texts(JsonObject json, String name) {
        return json.array(name).orElseThrow().items().stream().map(item -> switch (item) {
            case JsonString text -> text.value();
            default -> throw new NoSuchElementException(name);
        }).toList();
    }

    /** Returns how many rows there are. */
    long rows() {
        return schemas.stream().flatMap(schema -> schema.tables().stream()).mapToLong(Table::rows).sum();
    }
}
