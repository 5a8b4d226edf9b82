package im.signet.cli;

import im.signet.client.AccessToken;
import im.signet.client.Failure;
import im.signet.client.Homeserver;
import im.signet.client.HomeserverReading;
import im.signet.client.WhoAmI;
import im.signet.protocol.identifier.UserId;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import picocli.CommandLine.Option;

/** How a command reaches the user's homeserver. Its access token is used and not kept. */
final class HomeserverOptions {

    @Option(names = "--homeserver", paramLabel = "URL", description = "the address of your homeserver; else its host is asked for it")
    private Optional<URI> url = Optional.empty();

    @Option(names = "--access-token-file", paramLabel = "FILE", description = "read your homeserver's access token from a file, - for the input; it is not kept")
    private Optional<Path> tokenFile = Optional.empty();

    /** Returns the user's homeserver, after it has said that the token is the user's. */
    Homeserver of(UserId user, App app) {
        URI address = url.orElseGet(() -> switch (Homeserver.find(user.serverName(), app.transport(),
                app.clientOptions())) {
            case HomeserverReading.Found(URI found) -> found;
            case HomeserverReading.Nothing _ -> throw new Ended(Exit.FIRST,
                    user.serverName() + " does not say where its homeserver is: --homeserver URL.");
            case Failure failure -> throw new Ended(Words.of(failure));
        });
        char[] typed = app.secret(tokenFile, "Access token of " + user + " at the homeserver:", "--access-token-file");
        AccessToken token = AccessToken.parse(new String(typed))
                .orElseThrow(reason -> new Ended(Exit.USAGE, "That is no access token: " + reason + "."));
        Arrays.fill(typed, '\0');
        Homeserver homeserver = Homeserver.at(address, user, token, app.transport(), app.clientOptions())
                .orElseThrow(reason -> new Ended(Exit.USAGE, address + ": " + reason + "."));
        return switch (homeserver.whoAmI()) {
            case WhoAmI.Self _ -> homeserver;
            case WhoAmI.SomebodyElse(UserId other) ->
                throw new Ended(Exit.USAGE, "That is an access token of " + other + ", not of " + user + ".");
            case Failure failure -> throw new Ended(Words.of(failure));
        };
    }

    /** Returns whether the user said how to reach it. */
    boolean isGiven() {
        return url.isPresent() || tokenFile.isPresent();
    }
}
