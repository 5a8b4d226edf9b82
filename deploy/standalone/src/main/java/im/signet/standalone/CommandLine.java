package im.signet.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words after the command's name.
 *
 * @param plain    those that are no options, in order
 * @param settings {@code --config FILE} and {@code --SETTING=VALUE} as Spring's arguments
 * @param yes      whether {@code --yes} is among them, the answer to what a command would ask
 */
record CommandLine(List<String> plain, List<String> settings, boolean yes) {

    /** A command line that cannot be obeyed; the message says why. */
    static final class Misuse extends RuntimeException {

        Misuse(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Reads the words.
     *
     * @throws Misuse when an option is none that we know, or its file cannot be read
     */
    static CommandLine parse(List<String> words) {
        List<String> plain = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        boolean yes = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--config") || word.startsWith("--config=")) {
                boolean inTheNext = word.equals("--config");
                if (inTheNext && i + 1 == words.size()) {
                    throw new Misuse("--config needs a file");
                }
                settings.add(additionalLocation(inTheNext ? words.get(++i) : word.substring("--config=".length())));
            } else if (word.equals("--yes")) {
                yes = true;
            } else if (word.startsWith("--") && word.contains("=")) {
                settings.add(word);
            } else if (word.startsWith("--")) {
                throw new Misuse("'" + word + "' is neither --config FILE nor --SETTING=VALUE");
            } else {
                plain.add(word);
            }
        }
        return new CommandLine(List.copyOf(plain), List.copyOf(settings), yes);
    }

    /**
     * Returns itself, for commands that ask nothing.
     *
     * @throws Misuse when it answers all the same
     */
    CommandLine withoutYes() {
        if (yes) {
            throw new Misuse("'--yes' answers nothing here");
        }
        return this;
    }

    private static String additionalLocation(String file) {
        Path config = Path.of(file).toAbsolutePath().normalize();
        if (!Files.isReadable(config) || Files.isDirectory(config)) {
            throw new Misuse("the configuration file " + config + " cannot be read");
        }
        return "--spring.config.additional-location=" + config.toUri();
    }
}
