package im.signet.bench;

import java.nio.file.Path;

import picocli.CommandLine.Option;

/** Which server is tried. */
final class ServerOption {

    @Option(names = "--server", paramLabel = "JAR", required = true, defaultValue = "${sys:signet.bench.server}", description = "the server that is tried; that of ./signet")
    Path jar = Path.of("signet.jar");
}
