package im.signet.standalone;

import im.signet.kit.settings.SignetProperties;

import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The server's command line: {@code serve [--config FILE] [--any.setting=value]...}, where {@code serve} is the default,
 * the operator's commands after {@code admin}, and {@code templates check}.
 */
public final class Signet {

    private static final Logger log = LoggerFactory.getLogger(Signet.class);

    private static final String HELP = """
            Signet: identity and contact discovery for Matrix

              signet serve [--config FILE] [--SETTING=VALUE]...     start the server
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
        if (!line.plain().isEmpty()) {
            fail("'" + line.plain().getFirst() + "' is neither --config FILE nor --SETTING=VALUE");
        }
        SpringApplication application = new SpringApplication(StandaloneApplication.class);
        application.setLogStartupInfo(false);
        ConfigurableApplicationContext started = application.run(line.settings().toArray(String[]::new));
        SignetProperties names = started.getBean(SignetProperties.class);
        log.info("Signet {} serves {} on port {}", names.serverName(), names.publicUrl(),
                started.getEnvironment().getProperty("local.server.port"));
    }

    private static void fail(String why) {
        System.err.println("signet: " + why);
        System.exit(Exit.USAGE.status());
    }
}
