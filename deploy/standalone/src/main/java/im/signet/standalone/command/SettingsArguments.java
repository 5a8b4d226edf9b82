package im.signet.standalone.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.UnmatchedArgsBinding;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command's settings come from: {@code --config FILE}, {@code --SETTING=VALUE}, and what a server reads without. */
public final class SettingsArguments {

    private static final Pattern SETTING = Pattern.compile("--[^=]+=.*", Pattern.DOTALL);

    @Option(names = "--config", paramLabel = "FILE", description = "the server's settings, YAML; without it they come"
            + " from the environment (SIGNET_SERVER_NAME=id.example.org) and from ./config/application.yaml")
    private @Nullable Path config;

    private List<String> rest = List.of();
    private @Nullable CommandSpec command;

    // picocli looks for what takes unmatched arguments in commands only, and not in what is mixed into them.
    @Spec(Spec.Target.MIXEE)
    void isPartOf(CommandSpec mixee) {
        command = mixee;
        mixee.addUnmatchedArgsBinding(UnmatchedArgsBinding.forStringArrayConsumer(new ISetter() {
            @Override
            public <T> T set(T arguments) {
                rest = arguments instanceof String[] words ? List.of(words) : List.of();
                return arguments;
            }
        }));
    }

    /** Returns the file that was named; null when none was. */
    public @Nullable Path file() {
        return config;
    }

    /**
     * Returns them as Spring takes them.
     *
     * @throws ParameterException when the file cannot be read, or what is there is no setting
     */
    public List<String> settings() {
        List<String> settings = new ArrayList<>();
        if (config != null) {
            Path file = config.toAbsolutePath().normalize();
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw misuse("the configuration file " + file + " cannot be read");
            }
            settings.add("--spring.config.additional-location=" + file.toUri());
        }
        for (String argument : rest) {
            if (!SETTING.matcher(argument).matches()) {
                throw misuse("'" + argument + "' is " + (argument.startsWith("-")
                        ? "no option of this command, and no --SETTING=VALUE"
                        : "one word too many"));
            }
            settings.add(argument);
        }
        return settings;
    }

    /**
     * Reads files, variables and secret files by the rules of a server that starts; close it after use.
     *
     * @throws ParameterException as {@link #settings}
     */
    public ConfigurableApplicationContext read() {
        return read(settings());
    }

    /** Reads what these arguments of Spring name, by the rules of a server that starts; close it after use. */
    // One at a time: Spring sets the logging of the whole process up in there.
    public static synchronized ConfigurableApplicationContext read(List<String> settings) {
        return new SpringApplicationBuilder(Nothing.class).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(settings.toArray(String[]::new));
    }

    private ParameterException misuse(String why) {
        if (command == null) {
            throw new IllegalStateException("part of no command: " + why);
        }
        return new ParameterException(command.commandLine(), why);
    }

    /** Declares nothing: a context of it is the settings. */
    private static final class Nothing {}
}
