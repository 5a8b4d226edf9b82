package im.signet.protocol.json;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** A JSON array: immutable, in order. */
public final class JsonArray implements Json {
    private final List<Json> items;
    private final int depth;

    private JsonArray(List<Json> items) {
        this.items = items;
        this.depth = Depth.around(items);
    }

    /** Returns the array of {@code items}; throws an {@link IllegalArgumentException} when it is nested deeper than {@link Json#MAX_DEPTH}. */
    public static JsonArray of(List<? extends Json> items) {
        return new JsonArray(List.copyOf(items));
    }

    /** Returns the array of {@code strings}. */
    public static JsonArray ofStrings(List<String> strings) {
        return of(strings.stream().map(JsonString::new).collect(Collectors.toList()));
    }

    /** Returns the items, unmodifiable. */
    public List<Json> items() {
        return items;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonArray that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    @Override
    public String toString() {
        return "JsonArray[" + items.size() + " items]";
    }
}
