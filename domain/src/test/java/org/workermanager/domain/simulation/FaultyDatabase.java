package org.workermanager.domain.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.workermanager.domain.store.StoreUnavailableException;

/** The database as one process reaches it: it may fail at any call, before or after it is done. */
final class FaultyDatabase {

  private final History history;
  private final ManagerProcess process;

  FaultyDatabase(History history, ManagerProcess process) {
    this.history = history;
    this.process = process;
  }

  /** A transaction that neither waits for others nor has others wait for it. */
  <R> R transaction(String name, Supplier<R> transaction) {
    return call(name, null, transaction, null);
  }

  /**
   * A transaction that locks requests.
   *
   * @param batch that cannot go on if this fails; may be null
   * @param transaction what is done at once, or not at all
   * @param decided decides what is done, and gives what does it, if that is to be done later
   */
  <R> R locking(String name, UUID batch, Supplier<R> transaction, Supplier<Runnable> decided) {
    return call(
        name,
        batch,
        () -> {
          history.database.land();
          return transaction.get();
        },
        () -> {
          history.database.land();
          return decided.get();
        });
  }

  private <R> R call(String name, UUID batch, Supplier<R> transaction, Supplier<Runnable> decided) {
    Lane lane = process.lane();
    process.atPort(name);
    if (isAway() || history.happens(Injection.STORE_FAILS_BEFORE_COMMIT)) {
      throw fail(name, batch, "before commit");
    }
    if (decided != null && history.happens(Injection.COMMIT_LANDS_LATE)) {
      Runnable commit = decided.get();
      history.database.landsLater(
          () -> {
            history.trace.add(() -> process + " " + name + " lands late");
            commit.run();
            history.facts.interrupted(process, lane, batch);
          });
      throw fail(name, batch, "and will commit");
    }
    R result = transaction.get();
    if (history.happens(Injection.STORE_FAILS_AFTER_COMMIT)) {
      throw fail(name, batch, "after commit");
    }
    process.atPort(name + " done");
    return result;
  }

  private boolean isAway() {
    return history.time.nanos() < history.database.awayUntilNanos;
  }

  private StoreUnavailableException fail(String name, UUID batch, String when) {
    history.trace.add(() -> process + " " + name + " fails " + when);
    history.facts.interrupted(process, process.lane(), batch);
    return new StoreUnavailableException("away", null);
  }

  /**
   * A port to it that fails now and then.
   *
   * @param called told the names of the methods called
   */
  <T> T port(Class<T> type, T intact, Consumer<String> called) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                transaction(
                    method.getName(),
                    () -> {
                      called.accept(method.getName());
                      return invoke(() -> method.invoke(intact, arguments));
                    }));
    return type.cast(proxy);
  }

  private interface Call {
    Object run() throws IllegalAccessException, InvocationTargetException;
  }

  private static Object invoke(Call call) {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException ours) {
        throw ours;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
