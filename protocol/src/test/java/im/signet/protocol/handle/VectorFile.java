package im.signet.protocol.handle;

import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.JsonString;
import im.signet.protocol.json.StrictJson;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One file of vectors as it is made: one vector a line, each with its name and its verdict. */
final class VectorFile {
    private final String about;
    private final List<JsonObject> vectors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    VectorFile(String about) {
        this.about = about;
    }

    /** Adds a vector; {@code members} come after its name. */
    void add(String name, JsonObject.Builder members) {
        if (!names.add(name)) {
            throw new IllegalStateException("two vectors are named " + name);
        }
        JsonObject.Builder vector = JsonObject.builder().put("name", name);
        members.build().members().forEach(vector::put);
        vectors.add(vector.build());
    }

    List<JsonObject> vectors() {
        return vectors;
    }

    String text() {
        StringBuilder text = new StringBuilder("{\"about\":").append(StrictJson.write(new JsonString(about)))
                .append(",\n\"vectors\":[\n");
        for (int i = 0; i < vectors.size(); i++) {
            text.append(StrictJson.write(vectors.get(i))).append(i + 1 < vectors.size() ? ",\n" : "\n");
        }
        return text.append("]}\n").toString();
    }

    static String verdict(Optional<Reason> reason) {
        return reason.map(Enum::name).orElse("VALID");
    }

    static Json strings(List<String> strings) {
        return JsonArray.ofStrings(strings);
    }
}
