package org.workermanager.app.service;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.workermanager.domain.publish.BrokerUnavailableException;
import org.workermanager.domain.store.SearchTooLongException;
import org.workermanager.domain.store.StoreUnavailableException;

/**
 * Says what goes wrong in a loop once, until it goes well again. For one thread.
 *
 * <p>A missing broker is not reported here: whoever consumes reports it.
 */
final class Troubles {

  private final Logger log;
  private final boolean reportsStore;
  private final Set<Class<?>> said = new HashSet<>();

  /**
   * @param reportsStore whether to say that the store does not answer, which one loop is to do
   */
  Troubles(Logger log, boolean reportsStore) {
    this.log = log;
    this.reportsStore = reportsStore;
  }

  void met(Throwable trouble) {
    boolean isNew = said.add(trouble.getClass());
    if (trouble instanceof StoreUnavailableException && reportsStore && isNew) {
      log.warn("{}. Trying again until it works", trouble.getMessage());
    } else if (trouble instanceof SearchTooLongException && isNew) {
      log.warn("Overdue requests cannot be looked for: {}", trouble.getMessage());
    } else if (trouble instanceof StoreUnavailableException
        || trouble instanceof BrokerUnavailableException
        || !isNew) {
      log.debug("Not possible now", trouble);
    } else {
      log.error("An error that should not exist", trouble);
    }
  }

  void over() {
    if (reportsStore && said.contains(StoreUnavailableException.class)) {
      log.info("The database answers again");
    }
    said.clear();
  }
}
