package org.workermanager.app.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.request.RequestKey;

/**
 * What the manager says: which answers it ignored, and why; and whatever an operator would have to
 * worry about, such as a lost connection, which is a problem here.
 */
final class ManagerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Logger all = (Logger) LoggerFactory.getLogger("org.workermanager");
  private final Logger monitor = (Logger) LoggerFactory.getLogger("org.workermanager.monitor");
  private final Level monitorLevel = monitor.getLevel();
  private final boolean monitorAdditive = monitor.isAdditive();
  private final Account account;

  ManagerLog(Account account) {
    this.account = account;
    start();
    monitor.setAdditive(false);
    monitor.setLevel(Level.DEBUG);
    monitor.addAppender(this);
    all.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getMessage().startsWith("An answer for {} changes nothing")) {
      RequestKey key = (RequestKey) event.getArgumentArray()[0];
      account.showed(Case.idIn(key.requestId()), "ignored " + event.getArgumentArray()[1]);
    } else if (event.getLevel().isGreaterOrEqual(Level.WARN)
        && !event.getMessage().startsWith("Worker {} is alive")) {
      account.problem("The manager says: " + event.getFormattedMessage());
    }
  }

  @Override
  public void close() {
    all.detachAppender(this);
    monitor.detachAppender(this);
    monitor.setLevel(monitorLevel);
    monitor.setAdditive(monitorAdditive);
    stop();
  }
}
