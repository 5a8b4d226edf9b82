package im.signet.standalone.install;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** What stands for the server in a jar that an installation takes: it can be unpacked, does not serve, and waits when told. */
final class InertServer {

    private static final String BROKEN = "broken";

    private InertServer() {}

    /**
     * Writes the jar.
     *
     * @param broken whether unpacking it fails halfway
     */
    static Path jar(Path file, String version, boolean broken) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, InertServer.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        String own = InertServer.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = Objects.requireNonNull(InertServer.class.getResourceAsStream("/" + own))) {
            jar.putNextEntry(new JarEntry(own));
            code.transferTo(jar);
            if (broken) {
                jar.putNextEntry(new JarEntry(BROKEN));
            }
        }
        return file;
    }

    /** The commands {@code extract --destination DIR}, {@code wait}, and {@code serve}, which fails. */
    public static void main(String[] words) throws IOException, URISyntaxException, InterruptedException {
        switch (List.of(words).getFirst()) {
            case "extract" -> {
                Path jar = Path.of(InertServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
                Path target = Files.createDirectories(Path.of(words[2]));
                Files.copy(jar, target.resolve(jar.getFileName()));
                if (InertServer.class.getResource("/" + BROKEN) != null) {
                    System.err.println("the disk is full");
                    Runtime.getRuntime().halt(3);
                }
            }
            case "wait" -> Thread.sleep(600_000);
            case "serve" -> {
                System.err.println("there is no room for a database");
                System.exit(1);
            }
            default -> Runtime.getRuntime().halt(1);
        }
    }
}
