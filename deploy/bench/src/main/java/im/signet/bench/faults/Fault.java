package im.signet.bench.faults;

import im.signet.bench.place.Place;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What is done to the servers or to the database. */
enum Fault {
    /** SIGKILL of the first server. */
    KILL_A,
    /** SIGKILL of the second server. */
    KILL_B,
    /** SIGKILL of both servers. */
    KILL_BOTH,
    /** SIGKILL of the first process of PostgreSQL. */
    KILL_DATABASE,
    /** SIGKILL of a process of PostgreSQL that serves a connection, upon which it recovers as after a crash. */
    KILL_A_SESSION,
    /** SIGKILL of PostgreSQL and of both servers at once. */
    KILL_ALL,
    /** SIGKILL of a server, and once more while it starts again. */
    KILL_WHILE_STARTING,
    /** SIGSTOP of a server for a while, then SIGCONT. */
    PAUSE_A_SERVER,
    /** SIGSTOP of all processes of PostgreSQL for a while, then SIGCONT. */
    PAUSE_DATABASE,
    /** SIGTERM of a server. */
    STOP_A_SERVER;

    /** Returns its name for people. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Makes it, and returns when it is over; what ended is then being started again.
     *
     * @param pause how long, for what lasts a while
     */
    void make(Place place, Duration pause) throws InterruptedException {
        var first = place.servers().getFirst();
        var second = place.servers().getLast();
        var one = pause.toMillis() % 2 == 0 ? first : second;
        switch (this) {
            case KILL_A -> first.kill();
            case KILL_B -> second.kill();
            case KILL_BOTH -> together(List.of(first::kill, second::kill));
            case KILL_DATABASE -> place.database().kill();
            case KILL_A_SESSION -> place.database().killSession();
            case KILL_ALL -> together(List.of(first::kill, second::kill, place.database()::kill));
            case KILL_WHILE_STARTING -> {
                one.kill();
                Thread.sleep(pause);
                one.kill();
            }
            case PAUSE_A_SERVER -> {
                one.pause();
                Thread.sleep(pause);
                one.resume();
            }
            case PAUSE_DATABASE -> {
                place.database().pause();
                Thread.sleep(pause);
                place.database().resume();
            }
            case STOP_A_SERVER -> one.terminate();
        }
    }

    private static void together(List<Runnable> kills) throws InterruptedException {
        List<Thread> threads = kills.stream().map(kill -> Thread.ofPlatform().daemon().start(kill)).toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
