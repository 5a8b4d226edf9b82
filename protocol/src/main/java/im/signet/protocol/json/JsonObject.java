package im.signet.protocol.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** A JSON object: immutable, its members in the order in which they were put. Equal whatever the order. */
public final class JsonObject implements Json {
    private static final JsonObject EMPTY = builder().build();

    private final Map<String, Json> members;
    private final int depth;

    private JsonObject(Map<String, Json> members) {
        this.members = Collections.unmodifiableMap(members);
        this.depth = Depth.around(members.values());
    }

    /** Returns the object without members. */
    public static JsonObject of() {
        return EMPTY;
    }

    /** Returns a builder without members. */
    public static Builder builder() {
        return new Builder(new LinkedHashMap<>());
    }

    /** Returns the member of that name. */
    public Optional<Json> get(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** Returns the member of that name when it is a string. */
    public Optional<String> string(String name) {
        return members.get(name) instanceof JsonString string ? Optional.of(string.value()) : Optional.empty();
    }

    /** Returns the member of that name when it is an integer of the range of {@code long}. */
    public Optional<Long> integer(String name) {
        return members.get(name) instanceof JsonNumber number ? number.toLong() : Optional.empty();
    }

    /** Returns the member of that name when it is {@code true} or {@code false}. */
    public Optional<Boolean> bool(String name) {
        return members.get(name) instanceof JsonBoolean bool ? Optional.of(bool.value()) : Optional.empty();
    }

    /** Returns the member of that name when it is an object. */
    public Optional<JsonObject> object(String name) {
        return members.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    /** Returns the member of that name when it is an array. */
    public Optional<JsonArray> array(String name) {
        return members.get(name) instanceof JsonArray array ? Optional.of(array) : Optional.empty();
    }

    /** Returns the same object with that member, in place of any of that name. */
    public JsonObject with(String name, Json value) {
        return toBuilder().put(name, value).build();
    }

    /** Returns the same object with that string member, in place of any of that name. */
    public JsonObject with(String name, String value) {
        return with(name, new JsonString(value));
    }

    /** Returns the same object without the members of those names. */
    public JsonObject without(String... names) {
        Map<String, Json> rest = new LinkedHashMap<>(members);
        for (String name : names) {
            rest.remove(name);
        }
        return new JsonObject(rest);
    }

    /** Returns the members in order, unmodifiable. */
    public Map<String, Json> members() {
        return members;
    }

    /** Returns a builder that begins with these members. */
    public Builder toBuilder() {
        return new Builder(new LinkedHashMap<>(members));
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return "JsonObject[" + members.size() + " members]";
    }

    /** Gathers the members of an object; not for use by several threads. A name or string with a lone surrogate is an {@link IllegalArgumentException}. */
    public static final class Builder {
        private final Map<String, Json> members;

        private Builder(Map<String, Json> members) {
            this.members = members;
        }

        /** Puts a member in place of any of that name. */
        public Builder put(String name, Json value) {
            if (!Surrogates.allPaired(name)) {
                throw new IllegalArgumentException(Surrogates.RULE);
            }
            members.put(name, value);
            return this;
        }

        /** Puts a member and returns true, or returns false when there is one of that name. */
        boolean putNew(String name, Json value) {
            if (members.containsKey(name)) {
                return false;
            }
            put(name, value);
            return true;
        }

        /** Puts a string in place of any member of that name. */
        public Builder put(String name, String value) {
            return put(name, new JsonString(value));
        }

        /** Puts an integer in place of any member of that name. */
        public Builder put(String name, long value) {
            return put(name, JsonNumber.of(value));
        }

        /** Puts a boolean in place of any member of that name. */
        public Builder put(String name, boolean value) {
            return put(name, new JsonBoolean(value));
        }

        /** Returns the object; throws an {@link IllegalArgumentException} when it is nested deeper than {@link Json#MAX_DEPTH}. */
        public JsonObject build() {
            return new JsonObject(new LinkedHashMap<>(members));
        }
    }
}
