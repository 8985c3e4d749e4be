package org.workermanager.domain.publish;

/**
 * What a broker knows of a queue.
 *
 * @param messages how many wait in it. Those that a consumer has not acknowledged yet count with
 *     some brokers, and not with others
 * @param consumers how many there are
 */
public record QueueState(long messages, long consumers) {

  /** Of a queue without messages and consumers; also of one that does not exist. */
  public static final QueueState EMPTY = new QueueState(0, 0);

  /** Whether nobody has or will get a message out of it. */
  public boolean isDeserted() {
    return messages == 0 && consumers == 0;
  }
}
