package im.signet.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Source text that a test gives to the compiler, to see that it compiles or that it does not. */
public final class Snippet {
    private Snippet() {}

    /**
     * Returns the errors of a class of another package with {@code members}; none when it compiles. It imports the packages of
     * the library, and {@code more} of them. Writes no files.
     */
    public static List<String> errorsOf(String members, String... more) {
        String imports = Arrays.stream(more)
                .map(name -> "import " + name + ".*;\n")
                .collect(Collectors.joining());
        String source = """
                package elsewhere;

                %simport im.signet.client.*;
                import im.signet.client.contact.*;
                import im.signet.client.handle.*;
                import im.signet.client.transport.*;
                import im.signet.protocol.handle.Handle;
                import im.signet.protocol.handle.Identity;
                import im.signet.protocol.identifier.*;
                import java.net.URI;
                import java.time.Instant;
                import java.util.*;
                import java.util.function.*;

                class Snippet {
                %s
                }
                """.formatted(imports, members);
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///elsewhere/Snippet.java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("this test needs a JDK");
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-implicit:none", "-XDshould-stop.at=ATTR", "-classpath",
                System.getProperty("java.class.path", ""));
        compiler.getTask(null, null, diagnostics, options, null, List.of(file)).call();
        List<String> errors = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                errors.add(diagnostic.getMessage(Locale.ENGLISH));
            }
        }
        return errors;
    }
}
