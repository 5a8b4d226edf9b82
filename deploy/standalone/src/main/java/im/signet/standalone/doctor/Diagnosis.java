package im.signet.standalone.doctor;

/**
 * What was found of one thing.
 *
 * @param what  the thing, such as "database"
 * @param words what is wrong, or right, in a sentence
 * @param mend  what the operator can do; empty where nothing is to be done
 */
record Diagnosis(Level level, String what, String words, String mend) {

    /** How bad it is. */
    enum Level {
        /** As it should be. */
        OK("ok"),
        /** Works, or cannot be known. */
        WARN("warn"),
        /** Does not work, or is not safe. */
        FAIL("FAIL");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    static Diagnosis ok(String what, String words) {
        return new Diagnosis(Level.OK, what, words, "");
    }

    static Diagnosis warn(String what, String words, String mend) {
        return new Diagnosis(Level.WARN, what, words, mend);
    }

    static Diagnosis fail(String what, String words, String mend) {
        return new Diagnosis(Level.FAIL, what, words, mend);
    }

    /** Returns the line for people. */
    @Override
    public String toString() {
        return String.format("%-4s  %s: %s%s", level, what, words, mend.isEmpty() ? "" : " " + mend);
    }
}
