package im.signet.cli;

import java.util.Comparator;
import java.util.List;

import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The help of a command: its own options, and where those stand that every command takes. */
final class CommandHelp extends Help {

    CommandHelp(CommandSpec spec, ColorScheme colours) {
        super(spec, colours);
    }

    @Override
    public String optionListHeading(Object... parameters) {
        return own().isEmpty() ? "" : super.optionListHeading(parameters);
    }

    @Override
    public String optionList(Layout layout, Comparator<OptionSpec> sort, IParamLabelRenderer labels) {
        layout.addOptions(own(), labels);
        return layout.toString();
    }

    @Override
    public String footer(Object... parameters) {
        return commandSpec().parent() == null
                ? super.footer(parameters)
                : String.format("%n%s --help shows the options that every command takes.%n",
                        commandSpec().root().name());
    }

    @Override
    public String footerHeading(Object... parameters) {
        return commandSpec().parent() == null ? super.footerHeading(parameters) : "";
    }

    private List<OptionSpec> own() {
        return commandSpec().options().stream().filter(option -> !option.inherited() && !option.hidden()).toList();
    }
}
