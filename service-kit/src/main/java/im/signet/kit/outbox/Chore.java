package im.signet.kit.outbox;

import java.time.Duration;

/**
 * Something to be done again and again by one replica at a time, such as deleting what is no longer needed.
 *
 * @param name  stands in the database: never change it
 * @param every the pause between the end of one run and the start of the next
 * @param work  one run; what it throws is logged, and the next run comes all the same
 */
public record Chore(String name, Duration every, Runnable work) {}
