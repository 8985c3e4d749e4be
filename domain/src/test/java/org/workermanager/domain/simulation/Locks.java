package org.workermanager.domain.simulation;

import java.lang.reflect.Field;
import org.workermanager.domain.WorkerManager;

/**
 * Tells which locks of a manager are held by the calls that are under way. On one thread everybody
 * could take them again: what would really wait for one does not run meanwhile.
 */
final class Locks {

  private static final Field BATCHES = field(WorkerManager.class, "batches");
  private static final Field LEASE = field(WorkerManager.class, "lease");
  private static final Field CONFIGURATIONS = field(WorkerManager.class, "configurations");

  private final Object batches;
  private final Object lease;
  private final Object configurations;

  Locks(WorkerManager manager) {
    batches = value(BATCHES, manager);
    lease = value(LEASE, manager);
    configurations = value(CONFIGURATIONS, manager);
  }

  private static Field field(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether nothing that this lane may need is held. */
  boolean areFreeFor(Lane lane) {
    return switch (lane) {
      case HEARTBEATS -> true;
      case LEASE -> isFree(lease);
      case REQUESTS, REPLIES, DEAD_LETTERS, OVERDUE, DISPATCH -> isFree(batches);
      case TICK, OPERATOR -> isFree(batches) && isFree(configurations);
      case CONNECT -> isFree(batches) && isFree(configurations) && isFree(lease);
    };
  }

  private static boolean isFree(Object lock) {
    return !Thread.holdsLock(lock);
  }
}
