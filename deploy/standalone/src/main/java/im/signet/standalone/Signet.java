package im.signet.standalone;

import im.signet.kit.settings.SignetProperties;

import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The server's command line: {@code serve [SERVICE] [--config FILE] [--any.setting=value]...}, where {@code serve} is the default,
 * the operator's commands after {@code admin}, and {@code templates check}.
 */
public final class Signet {

    private static final Logger log = LoggerFactory.getLogger(Signet.class);

    private static final String HELP = """
            Signet: identity and contact discovery for Matrix

              signet serve [--config FILE] [--SETTING=VALUE]...     start the server, with all services
              signet serve terms|identity|names [--config FILE] ... start one service in a process of its own
            %s\
              signet templates check [--config FILE]                try the templates of mails and pages
              signet help                                           show this

            Without --config the settings come from the environment (SIGNET_SERVER_NAME=id.example.org) and from
            ./config/application.yaml. docs/howto/operate.md lists the settings.
            """.formatted(Admin.help(Admin.commands()));

    private Signet() {}

    /** Runs a command and, for those that end by themselves, ends the process with a status for scripts. */
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        String command = words.isEmpty() || words.getFirst().startsWith("--") ? "serve" : words.removeFirst();
        try {
            switch (command) {
                case "help" -> System.out.print(HELP);
                case "serve", "admin", "templates" -> {
                    if (words.contains("--help")) {
                        System.out.print(HELP);
                    } else if (command.equals("serve")) {
                        serve(CommandLine.parse(words).withoutYes());
                    } else if (command.equals("admin")) {
                        end(new Admin(Admin.commands(), System.out, System.err).run(CommandLine.parse(words)));
                    } else {
                        end(new CheckTemplates(System.out, System.err).run(CommandLine.parse(words).withoutYes()));
                    }
                }
                default -> fail("there is no command '" + command + "'; 'signet help' shows what there is");
            }
        } catch (CommandLine.Misuse misuse) {
            fail(String.valueOf(misuse.getMessage()));
        }
    }

    private static void end(Exit exit) {
        if (exit != Exit.OK) {
            System.exit(exit.status());
        }
    }

    private static void serve(CommandLine line) {
        ServedServices services = services(line.plain());
        SpringApplication application = new SpringApplication(services.sources().toArray(Class<?>[]::new));
        application.setLogStartupInfo(false);
        ConfigurableApplicationContext started = application.run(line.settings().toArray(String[]::new));
        SignetProperties names = started.getBean(SignetProperties.class);
        log.info("Signet {} serves {} at {} on port {}", names.serverName(), services, names.publicUrl(),
                started.getEnvironment().getProperty("local.server.port"));
    }

    private static ServedServices services(List<String> words) {
        if (words.isEmpty()) {
            return ServedServices.ALL;
        }
        if (words.size() > 1) {
            throw new CommandLine.Misuse("'" + words.get(1) + "' is one word too many: it is serve [SERVICE]");
        }
        return ServedServices.of(words.getFirst())
                .orElseThrow(() -> new CommandLine.Misuse("there is no service '" + words.getFirst() + "'; there are "
                        + ServedServices.words()));
    }

    private static void fail(String why) {
        System.err.println("signet: " + why);
        System.exit(Exit.USAGE.status());
    }
}
