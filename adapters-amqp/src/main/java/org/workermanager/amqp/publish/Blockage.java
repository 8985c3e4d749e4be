package org.workermanager.amqp.publish;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the broker takes what is published on a connection: one that is short of memory or disk
 * space does not, and says so. What was sent to it then is not lost, it is read later. Thread-safe.
 *
 * <p>Whoever publishes waits meanwhile, with no more than a batch in hand. To hand the deliveries
 * back instead would have the broker, short of memory as it is, deliver them over and over, and
 * what was already sent to it be sent again.
 */
final class Blockage implements BlockedListener, ShutdownListener {

  private static final Logger LOG = LoggerFactory.getLogger(Blockage.class);

  private final LongSupplier nanoClock;
  private boolean blocked;
  private long sinceNanos;
  private long earlierNanos;

  Blockage(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  static Blockage of(Connection connection) {
    Blockage blockage = new Blockage(System::nanoTime);
    connection.addBlockedListener(blockage);
    // at once if it is closed already
    connection.addShutdownListener(blockage);
    return blockage;
  }

  @Override
  public synchronized void handleBlocked(String reason) {
    if (!blocked) {
      blocked = true;
      sinceNanos = nanoClock.getAsLong();
      LOG.warn("The broker takes no messages for now: {}. Waiting until it does", reason);
    }
  }

  @Override
  public synchronized void handleUnblocked() {
    if (blocked) {
      end();
      LOG.info("The broker takes messages again");
    }
  }

  @Override
  public synchronized void shutdownCompleted(ShutdownSignalException cause) {
    end();
  }

  private void end() {
    if (blocked) {
      blocked = false;
      earlierNanos += nanoClock.getAsLong() - sinceNanos;
      notifyAll();
    }
  }

  /** Waits until the broker takes messages, or the connection is lost. */
  synchronized void awaitEnd() throws InterruptedException {
    while (blocked) {
      wait();
    }
  }

  /** As {@link System#nanoTime()}, of a clock that stands still while the broker takes nothing. */
  synchronized long nanoTime() {
    return (blocked ? sinceNanos : nanoClock.getAsLong()) - earlierNanos;
  }
}
