package im.signet.standalone;

import im.signet.kit.settings.SignetProperties;
import im.signet.kit.settings.UnusableSettingException;
import im.signet.standalone.command.Exit;
import im.signet.standalone.command.SettingsArguments;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.error.YAMLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code serve [SERVICE]}: starts the server, which serves until the process is ended. */
@Command(name = "serve", description = "start the server, with all services or with one of them; this is the default")
final class ServeCommand implements Callable<Exit> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin
    private final SettingsArguments arguments = new SettingsArguments();

    @Parameters(arity = "0..1", paramLabel = "SERVICE", defaultValue = "all", converter = Words.class, completionCandidates = Words.class, description = "one of ${COMPLETION-CANDIDATES}; all unless said")
    private ServedServices services = ServedServices.ALL;

    private String @Nullable [] called;

    @Override
    public Exit call() {
        called = arguments.settings().toArray(String[]::new);
        return Exit.OK;
    }

    /** Returns whether it was called without fault, so that it is to be started. */
    boolean isCalled() {
        return called != null;
    }

    /** Starts it; what fails in there is told by Spring and thrown. Wrong settings end the process with their own status. */
    void start() {
        try {
            run();
        } catch (RuntimeException told) {
            if (isOfSettings(told)) {
                System.exit(Exit.CONFIGURATION.status());
            }
            throw told;
        }
    }

    // To start again does not mend them. All else, such as a database that is not there yet, may pass.
    static boolean isOfSettings(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof UnusableSettingException || at instanceof BindException
                    || at instanceof ConfigDataException || at instanceof YAMLException) {
                return true;
            }
        }
        return false;
    }

    private void run() {
        String[] settings = Objects.requireNonNull(called);
        SpringApplication application = new SpringApplication(services.sources().toArray(Class<?>[]::new));
        application.setLogStartupInfo(false);
        ConfigurableApplicationContext started = application.run(settings);
        SignetProperties names = started.getBean(SignetProperties.class);
        log.info("Signet {} serves {} at {} on port {}", names.serverName(), services, names.publicUrl(),
                started.getEnvironment().getProperty("local.server.port"));
    }

    /** The words for services. */
    private static final class Words implements ITypeConverter<ServedServices>, Iterable<String> {

        @Override
        public @Nullable ServedServices convert(String word) {
            return ServedServices.of(word)
                    .orElseThrow(() -> new TypeConversionException("there is no service '" + word + "'; there are "
                            + ServedServices.words()));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(ServedServices.values()).map(ServedServices::toString).iterator();
        }
    }
}
