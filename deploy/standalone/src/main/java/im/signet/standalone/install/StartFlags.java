package im.signet.standalone.install;

import java.util.List;
import java.util.stream.Stream;

/**
 * How the Java runtime of a server is started; it takes from a cache only what fits the flags that it was written with.
 *
 * @param flags its arguments, none with a blank or a quote in it
 */
public record StartFlags(List<String> flags) {

    /**
     * Small while idle, and as fast as it can be after some minutes. A start makes some 300 MB of garbage: with room for 48 of
     * them it is collected seven times in place of twenty. What the compilers needed goes back to the system.
     */
    static final StartFlags FOR_SERVERS = new StartFlags(List.of("-XX:+UseSerialGC", "-Xms80m",
            "-XX:NewSize=48m", "-XX:TrimNativeHeapInterval=10000", "-XX:+ExitOnOutOfMemoryError"));

    // Warnings of the runtime, such as on a cache that another Java wrote, must not mix with what commands print.
    private static final List<String> QUIET = List.of("-Xlog:disable", "-Xlog:all=warning:stderr");

    public StartFlags {
        if (flags.stream().anyMatch(flag -> flag.matches(".*[\\s'\"\\\\$].*"))) {
            throw new IllegalArgumentException("a flag that a shell would not pass on as it is");
        }
        flags = List.copyOf(flags);
    }

    /** Returns all arguments. */
    List<String> all() {
        return Stream.concat(flags.stream(), QUIET.stream()).toList();
    }
}
