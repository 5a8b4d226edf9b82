package im.signet.standalone.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Who called a command, as the operating system says. */
final class Caller {

    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
    private static final int MAX = 128;

    private Caller() {}

    /** Returns a name such as {@code ops@host1}, or {@code ops as root@host1}. */
    static String name() {
        String user = System.getProperty("user.name", "somebody");
        String asked = Optional.ofNullable(System.getenv("SUDO_USER"))
                .filter(name -> !name.isBlank() && !name.equals(user))
                .map(name -> name + " as ")
                .orElse("");
        return plain(asked + user) + "@" + plain(host());
    }

    private static String host() {
        return Stream.of(Optional.ofNullable(System.getenv("HOSTNAME")), kernelName())
                .flatMap(Optional::stream)
                .filter(name -> !name.isBlank())
                .findFirst()
                .orElse("localhost");
    }

    private static Optional<String> kernelName() {
        try {
            return Optional.of(Files.readString(HOSTNAME).strip());
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    private static String plain(String name) {
        String visible = Shown.of(name);
        return visible.length() <= MAX ? visible : visible.substring(0, MAX);
    }
}
