package im.signet.kit.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** DNS as a test wants it; it may answer otherwise each time it is asked. */
public final class ScriptedNames implements NameResolver {

    private final Map<String, Deque<List<InetAddress>>> addresses = new ConcurrentHashMap<>();
    private final Map<String, List<ServiceRecord>> services = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();

    /** Adds an answer; answers are given in turn, the last one for ever. */
    public ScriptedNames answer(String host, String... ips) {
        addresses.computeIfAbsent(host, _ -> new ArrayDeque<>())
                .add(Stream.of(ips).map(ip -> IpLiteral.parse(ip).orElseThrow()).toList());
        return this;
    }

    /** Sets the SRV records of a name. */
    public ScriptedNames services(String name, ServiceRecord... records) {
        services.put(name, List.of(records));
        return this;
    }

    /** Returns all names that were asked for, in turn. */
    public List<String> questions() {
        return questions;
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        questions.add(host);
        Deque<List<InetAddress>> answers = addresses.get(host);
        if (answers == null) {
            throw new UnknownHostException("not in the script");
        }
        synchronized (answers) {
            return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        }
    }

    @Override
    public List<ServiceRecord> services(String name) {
        questions.add(name);
        return services.getOrDefault(name, List.of());
    }
}
