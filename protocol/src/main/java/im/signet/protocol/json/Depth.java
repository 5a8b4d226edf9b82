package im.signet.protocol.json;

import java.util.Collection;

/** Counts nesting as values are made, so that nobody can make one that overflows a stack. */
final class Depth {
    private Depth() {}

    /** Returns the depth of the object or array around {@code values}. */
    static int around(Collection<Json> values) {
        int depth = 1;
        for (Json value : values) {
            depth = Math.max(depth, value.depth() + 1);
        }
        if (depth > Json.MAX_DEPTH) {
            throw new IllegalArgumentException("objects and arrays are nested at most " + Json.MAX_DEPTH + " deep");
        }
        return depth;
    }
}
