package im.signet.cli;

import im.signet.cli.Outcome.Style;

import java.util.Optional;

/** Where the user is. Results are written to the output, all else to the error output; what is written is made harmless first. */
interface Terminal {

    /** Writes a line of the result. */
    void print(Style style, String text);

    /** Writes the result as it is, for programs. */
    void printRaw(String text);

    /** Writes a line beside the result. */
    void tell(Style style, String text);

    /** Returns whether there is somebody to ask. */
    boolean isInteractive();

    /** Returns what the user typed; empty when there is nobody to ask, or they ended the input. */
    Optional<String> ask(String question);

    /** As {@link #ask}, without showing what is typed; the caller wipes it. */
    Optional<char[]> askSecret(String question);

    /** Returns whether the output takes colours. */
    boolean hasColours();

    /** Returns whether the output shows block characters. */
    boolean hasBlocks();
}
