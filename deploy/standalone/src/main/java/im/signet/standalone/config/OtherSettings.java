package im.signet.standalone.config;

import java.net.InetAddress;
import java.util.List;

/** The settings that are not ours and that an operator needs all the same: those of Spring Boot. */
final class OtherSettings {

    /** A setting of Spring Boot, with what its value is. */
    record Other(String name, Class<?> type, Shape shape, List<String> defaults, String description) {}

    private static final List<Other> ALL = List.of(
            port("server.port", 0, "8090",
                    "The port that clients are answered on, by way of the reverse proxy; 0 for any that is free."),
            address("server.address", List.of(),
                    "The address that the port is opened on, every one where none is written; `127.0.0.1` where the reverse "
                            + "proxy is on the same machine."),
            port("management.server.port", -1, "-1",
                    "The port of health and metrics, which asks for no token; -1 for none. It must not be the one above."),
            address("management.server.address", List.of("127.0.0.1"),
                    "The address that the management port is opened on."),
            text("logging.level.root", "warn",
                    "How much libraries say: `error`, `warn` or `info`. Below that they stay quiet, whatever is written here."),
            text("logging.level.im.signet", "info",
                    "How much Signet itself says: `error`, `warn`, `info` or `debug`."));

    private OtherSettings() {}

    /** Returns them in the order of the reference. */
    static List<Other> all() {
        return ALL;
    }

    private static Other port(String name, long min, String value, String description) {
        return new Other(name, Integer.class, Shapes.ofOther(Integer.class, min, 65_535), List.of(value), description);
    }

    private static Other address(String name, List<String> defaults, String description) {
        return new Other(name, InetAddress.class, Shapes.ofOther(InetAddress.class, 0, 0), defaults, description);
    }

    private static Other text(String name, String value, String description) {
        return new Other(name, String.class, Shapes.ofOther(String.class, 0, 0), List.of(value), description);
    }
}
