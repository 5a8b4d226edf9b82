package im.signet.standalone.command;

import java.io.Console;
import java.util.Optional;

/** Who called a command, where it is somebody who can be asked. */
@FunctionalInterface
public interface Operator {

    /** Returns what is answered; empty when nobody is there, as in a script. */
    Optional<String> ask(String question);

    /** Returns the one at the terminal of this process. */
    static Operator atTheTerminal() {
        return question -> Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readLine("%s", question));
    }
}
