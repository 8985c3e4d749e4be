package org.workermanager.amqp.embedded;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages leave that have waited for longer than their queue allows, also while nobody asks
 * for one.
 *
 * <p>Qpid's own task for that also deletes, twice a minute and on all queues, the messages whose
 * headers it cannot take apart, though it has accepted and confirmed them and delivers them as they
 * are: a name that is empty or there twice, an empty table, or text that is no UTF-8 is enough. So
 * what is set aside for its odd headers would not be there when an operator looks.
 */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final String SERVER = "org.apache.qpid.server.";
  private static final String QPIDS_TASK = "VirtualHostHouseKeepingTask";
  private static final long PERIOD_SECONDS = 1;

  private final BrokerObject virtualHost;

  private Housekeeping(BrokerObject virtualHost) {
    this.virtualHost = virtualHost;
  }

  /** Does it for the virtual host until that is closed, on the threads that Qpid has for this. */
  static void takeOver(BrokerObject virtualHost) {
    ScheduledThreadPoolExecutor threads =
        (ScheduledThreadPoolExecutor)
            virtualHost
                .as(SERVER + "virtualhost.AbstractVirtualHost")
                .field("_houseKeepingTaskExecutor");
    List<Runnable> qpids =
        threads.getQueue().stream().filter(task -> task.toString().contains(QPIDS_TASK)).toList();
    if (qpids.size() != 1 || !threads.remove(qpids.get(0))) {
      throw new EmbeddedBrokerException(
          "This version of Apache Qpid Broker-J keeps house in another way: " + threads.getQueue());
    }
    threads.scheduleWithFixedDelay(
        new Housekeeping(virtualHost)::check, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void check() {
    try {
      virtualHost.children("Queue").forEach(Housekeeping::expire);
    } catch (RuntimeException e) {
      // or the task would not be run again
      LOG.warn("The embedded broker cannot tell which messages are too old", e);
    }
  }

  private static void expire(BrokerObject queue) {
    long timeToLive = Long.parseLong(queue.attribute("maximumMessageTtl").orElse("0"));
    Mirror messages = queue.as(SERVER + "queue.AbstractQueue");
    if (timeToLive > 0 && (long) messages.call("getOldestMessageAge") > timeToLive) {
      expire(messages);
    }
  }

  /** Those that wait; what a consumer has is left to it. */
  private static void expire(Mirror queue) {
    Mirror entries =
        queue.other(SERVER + "queue.QueueEntryIterator", queue.call("queueEntryIterator"));
    while ((boolean) entries.call("advance")) {
      Mirror entry = entries.other(SERVER + "queue.QueueEntry", entries.call("getNode"));
      if ((boolean) entry.call("isAvailable") && (boolean) entry.call("expired")) {
        queue.callHidden("expireEntry", entry);
      }
    }
  }
}
