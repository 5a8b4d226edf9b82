package im.signet.kit.metric;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Something of a service's state that can be read off at any time; a bean.
 *
 * @param name    in lower case, with dots between words
 * @param meaning one sentence for whoever runs the server
 * @param labels  by name; their values are constants of the code
 * @param value   the value now, empty when there is none; may ask the database, and is asked in a thread that may be left
 *                behind
 */
public record Gauged(String name, String meaning, Map<String, String> labels, Supplier<OptionalDouble> value) {

    public Gauged {
        labels = Map.copyOf(labels);
    }
}
