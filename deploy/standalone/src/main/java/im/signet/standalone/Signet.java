package im.signet.standalone;

import im.signet.kit.settings.SignetProperties;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The server's command line: {@code serve [--config FILE] [--any.setting=value]...}, where {@code serve} is the default. */
public final class Signet {

    private static final Logger log = LoggerFactory.getLogger(Signet.class);
    private static final int USAGE = 64;

    private static final String HELP = """
            Signet: identity and contact discovery for Matrix

              signet serve [--config FILE] [--SETTING=VALUE]...   start the server
              signet help                                         show this

            Without --config the settings come from the environment (SIGNET_SERVER_NAME=id.example.org) and from
            ./config/application.yaml. docs/howto/operate.md lists the settings.
            """;

    private Signet() {}

    /** Runs a command and, for those that end by themselves, ends the process with a status for scripts. */
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        String command = words.isEmpty() || words.getFirst().startsWith("--") ? "serve" : words.removeFirst();
        switch (command) {
            case "serve" -> {
                if (words.contains("--help")) {
                    System.out.print(HELP);
                } else {
                    serve(words);
                }
            }
            case "help" -> System.out.print(HELP);
            default -> fail("there is no command '" + command + "'; 'signet help' shows what there is");
        }
    }

    private static void serve(List<String> words) {
        List<String> settings = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--config") || word.startsWith("--config=")) {
                boolean inTheNext = word.equals("--config");
                if (inTheNext && i + 1 == words.size()) {
                    fail("--config needs a file");
                }
                settings.add(additionalLocation(inTheNext ? words.get(++i) : word.substring("--config=".length())));
            } else if (word.startsWith("--") && word.contains("=")) {
                settings.add(word);
            } else {
                fail("'" + word + "' is neither --config FILE nor --SETTING=VALUE");
            }
        }
        SpringApplication application = new SpringApplication(StandaloneApplication.class);
        application.setLogStartupInfo(false);
        ConfigurableApplicationContext started = application.run(settings.toArray(String[]::new));
        SignetProperties names = started.getBean(SignetProperties.class);
        log.info("Signet {} serves {} on port {}", names.serverName(), names.publicUrl(),
                started.getEnvironment().getProperty("local.server.port"));
    }

    private static String additionalLocation(String file) {
        Path config = Path.of(file).toAbsolutePath().normalize();
        if (!Files.isReadable(config) || Files.isDirectory(config)) {
            fail("the configuration file " + config + " cannot be read");
        }
        return "--spring.config.additional-location=" + config.toUri();
    }

    private static void fail(String why) {
        System.err.println("signet: " + why);
        System.exit(USAGE);
    }
}
