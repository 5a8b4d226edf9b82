package im.signet.standalone;

import im.signet.demo.DemoAuthority;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A program of somebody who reads our documents: compiled as it stands there, and run in a process of its own. */
final class StrangersProgram {

    private static final String PASSWORD = "changeit";
    private static final long PATIENCE_SECONDS = 120;

    private final Path classes;
    private final String name;

    private StrangersProgram(Path classes, String name) {
        this.classes = classes;
        this.name = name;
    }

    /** What a program printed, and how it ended. */
    record Ended(int status, List<String> lines) {}

    /** Compiles one file for Java 17; throws an {@link AssertionError} with the errors, of which a warning is one, too. */
    static StrangersProgram compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(null, files, diagnostics,
                    List.of("--release", "17", "-proc:none", "-Xlint:all,-classfile,-path", "-Werror", "-classpath",
                            System.getProperty("java.class.path"), "-d", classes.toString()),
                    null, files.getJavaFileObjects(source)).call();
            if (!compiled) {
                throw new AssertionError(source + " does not compile: " + diagnostics.getDiagnostics());
            }
        }
        return new StrangersProgram(classes, source.getFileName().toString().replace(".java", ""));
    }

    /** Runs it for somebody who trusts that authority, types {@code typed}, and reaches those hosts. */
    Ended run(DemoAuthority authority, NamedHosts hosts, String typed, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djavax.net.ssl.trustStore=" + trustStore(authority), "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=" + hosts.proxyPort(), "-Dhttp.nonProxyHosts=",
                "-Dstdout.encoding=UTF-8", "-cp", classes + ":" + System.getProperty("java.class.path"), name));
        command.addAll(List.of(arguments));
        Path printed = classes.resolve(name + ".out");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(typed.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError(name + " did not end: " + Files.readString(printed));
        }
        return new Ended(process.exitValue(), Files.readAllLines(printed));
    }

    private Path trustStore(DemoAuthority authority) throws IOException {
        Path file = classes.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority.certificate());
            trusted.store(out, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }
}
