package im.signet.bench.place;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A signal to processes of ours, which Java cannot send but for two. */
enum Signal {
    /** Ends it at once. */
    KILL,
    /** Keeps it from running. */
    STOP,
    /** Has it run again. */
    CONT;

    /** Sends it to all of them, as far as they are there. */
    void send(List<Long> processes) {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + name()));
        processes.forEach(pid -> command.add(Long.toString(pid)));
        try {
            new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("the program kill is needed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
