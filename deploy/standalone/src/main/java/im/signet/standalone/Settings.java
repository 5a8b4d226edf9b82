package im.signet.standalone;

import java.util.List;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Declares nothing: a context of it is the settings, read by the same rules as when a server starts. */
final class Settings {

    private Settings() {}

    /** Reads files, variables and secret files; close it after use. */
    static ConfigurableApplicationContext read(List<String> arguments) {
        return new SpringApplicationBuilder(Settings.Nothing.class).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(arguments.toArray(String[]::new));
    }

    private static final class Nothing {}
}
