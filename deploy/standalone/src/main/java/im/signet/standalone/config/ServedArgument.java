package im.signet.standalone.config;

import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which service a command is about: the word after it, as after {@code serve}. */
@Command
public final class ServedArgument {

    @Parameters(arity = "0..1", paramLabel = "SERVICE", defaultValue = "all", converter = Words.class, description = "one of all, terms, identity, names; all unless said")
    private Service.Served served = new Service.Served(java.util.EnumSet.allOf(Service.class));

    /** Spring and picocli make one for each command. */
    public ServedArgument() {}

    /** Returns it. */
    public Service.Served served() {
        return served;
    }

    private static final class Words implements ITypeConverter<Service.Served> {

        @Override
        public Service.Served convert(String word) {
            return Service.Served.of(word)
                    .orElseThrow(() -> new TypeConversionException("there is no service '" + word + "'; there are "
                            + String.join(", ", List.of("all", "terms", "identity", "names"))));
        }
    }
}
