package im.signet.standalone.launch;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts the server. On a Java that is new enough it does so in this process; on an older one it looks for a newer JDK
 * where systems usually put them and starts the same jar there, and where there is none it says in one line what to
 * install.
 */
public final class Launcher {

    private static final int NEEDED = 25;
    private static final int EX_CONFIG = 78;
    private static final String MAX_CARRIERS = "1024";
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"?(\\d+)");
    private static final List<String> USUAL_FOLDERS = List.of("/usr/lib/jvm", "/usr/java", "/opt/java", "/opt",
            "/Library/Java/JavaVirtualMachines");

    private Launcher() {}

    /** Starts the server with these arguments. */
    public static void main(String[] args) throws Exception {
        if (Runtime.version().feature() >= NEEDED) {
            runHere(args);
            return;
        }
        Optional<Path> java = findJava();
        Optional<Path> jar = ownJar();
        if (java.isEmpty() || jar.isEmpty()) {
            System.err.println("Signet needs Java " + NEEDED + " and this is Java " + Runtime.version().feature()
                    + ": install a JDK " + NEEDED + ", or set JAVA_HOME to one.");
            System.exit(EX_CONFIG);
        } else {
            System.exit(runThere(java.get(), jar.get(), args));
        }
    }

    // Named by text: the class is compiled for a newer Java than this one.
    private static void runHere(String[] args) throws Exception {
        giveVirtualThreadsCarriers();
        Method main = Class.forName(mainClass(List.of(args))).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    // What a container asks every few seconds is answered without the rest of the command line.
    private static String mainClass(List<String> words) {
        return !words.isEmpty() && words.get(0).equals("health") && !words.contains("--help") && !words.contains("-h")
                ? "im.signet.standalone.health.HealthCheck"
                : "im.signet.standalone.Signet";
    }

    /**
     * Lets every virtual thread have a carrier. A virtual thread that loads a class keeps its carrier while it waits for the
     * lock on the jar; with as many carriers as processors, few such threads stop all others, among them the one that holds the
     * lock: for ever. See docs/decisions/2026-11-21-platform-threads-for-requests.md.
     */
    private static void giveVirtualThreadsCarriers() {
        for (String limit : List.of("parallelism", "maxPoolSize")) {
            String property = "jdk.virtualThreadScheduler." + limit;
            if (System.getProperty(property) == null) {
                System.setProperty(property, MAX_CARRIERS);
            }
        }
    }

    private static int runThere(Path java, Path jar, String[] args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-jar", jar.toString()));
        Collections.addAll(command, args);
        Process server = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.destroy();
            try {
                server.waitFor();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
        return server.waitFor();
    }

    /** Returns the jar that this class came in; empty where it came in none, as in tests. */
    public static Optional<Path> ownJar() {
        String location = Launcher.class.getProtectionDomain().getCodeSource().getLocation().toString();
        Matcher jar = Pattern.compile("(?:jar:)?(?:nested:|file:)+(/.+?\\.jar)(?:!?/.*)?").matcher(location);
        return jar.matches() ? Optional.of(Path.of(URI.create("file:" + jar.group(1)))) : Optional.empty();
    }

    private static Optional<Path> findJava() {
        List<Path> homes = new ArrayList<>();
        String javaHome = System.getenv("JAVA_HOME");
        if (javaHome != null && !javaHome.isEmpty()) {
            homes.add(Path.of(javaHome));
        }
        for (String folder : USUAL_FOLDERS) {
            homes.addAll(children(Path.of(folder)));
        }
        String user = System.getProperty("user.home", "");
        homes.addAll(children(Path.of(user, ".sdkman", "candidates", "java")));
        homes.addAll(children(Path.of(user, ".jdks")));
        return homes.stream()
                .map(home -> Files.isDirectory(home.resolve("Contents/Home")) ? home.resolve("Contents/Home") : home)
                .filter(home -> versionOf(home) >= NEEDED && Files.isExecutable(home.resolve("bin/java")))
                .map(home -> home.resolve("bin/java"))
                .findFirst();
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(children::add);
            } catch (IOException unreadable) {
                return children;
            }
        }
        Collections.sort(children);
        return children;
    }

    private static int versionOf(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException notAJdk) {
            return 0;
        }
    }
}
