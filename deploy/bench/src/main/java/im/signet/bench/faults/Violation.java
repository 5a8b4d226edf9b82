package im.signet.bench.faults;

import im.signet.protocol.json.JsonObject;

import java.util.List;

/**
 * Something that is not as it must be.
 *
 * @param what     in a word
 * @param expected in words
 * @param found    in words
 * @param lines    the lines of the journal about it
 */
record Violation(What what, String expected, String found, List<JsonObject> lines) {

    /** The kinds of it. */
    enum What {
        /** What was acknowledged is not there. */
        LOST("lost"),
        /** What was ended is there again, or still. */
        REVIVED("revived"),
        /** It is there in another state than was acknowledged. */
        DIFFERS("differs"),
        /** One part is there and another is not. */
        HALF_DONE("half done"),
        /** Nobody asked for it. */
        UNEXPLAINED("unexplained"),
        /** What must be there once is there several times. */
        TWICE("twice"),
        /** A server said something else than was acknowledged, or than the database says. */
        CONTRADICTED("contradicted"),
        /** It was not ready in time. */
        LATE("late");

        private final String word;

        What(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    static Violation of(What what, String expected, String found) {
        return new Violation(what, expected, found, List.of());
    }
}
