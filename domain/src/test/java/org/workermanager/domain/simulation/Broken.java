package org.workermanager.domain.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.workermanager.domain.publish.Publisher;
import org.workermanager.domain.publish.QueueState;
import org.workermanager.domain.publish.Refused;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;
import org.workermanager.domain.routing.WaitingPlace;
import org.workermanager.domain.store.Decision;
import org.workermanager.domain.store.RequestStore;

/** Ports of which one method does something else, and which are intact otherwise. */
final class Broken {

  private Broken() {}

  /** What any method does instead. */
  @FunctionalInterface
  interface Method<P> {
    Object call(P intact, Object[] arguments);
  }

  /** What {@link RequestStore#change} does instead. */
  @FunctionalInterface
  interface Change {
    Object call(
        RequestStore intact,
        Collection<RequestKey> keys,
        Collection<RequestKey> redelivered,
        Decision<Object> decision);
  }

  /** What {@link RequestStore#claimWaiting} does instead. */
  @FunctionalInterface
  interface Claim {
    Object call(
        RequestStore intact, Collection<WaitingPlace> places, int limit, Decision<Object> decision);
  }

  /** Publishes, as a {@link Publisher} does. */
  @FunctionalInterface
  interface Publish<T> {
    List<Refused<T>> call(List<T> messages, BooleanSupplier allowed);
  }

  /** What a method that publishes does instead. */
  @FunctionalInterface
  interface PublishInstead<T> {
    List<Refused<T>> call(Publish<T> intact, List<T> messages, BooleanSupplier allowed);
  }

  static <P> UnaryOperator<P> method(Class<P> port, String name, Method<P> instead) {
    return intact ->
        port.cast(
            Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (self, method, arguments) -> {
                  if (method.getName().equals(name)) {
                    return instead.call(intact, arguments);
                  }
                  try {
                    return method.invoke(intact, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }));
  }

  @SuppressWarnings("unchecked")
  static UnaryOperator<RequestStore> change(Change instead) {
    return method(
        RequestStore.class,
        "change",
        (intact, arguments) ->
            instead.call(
                intact,
                (Collection<RequestKey>) arguments[0],
                (Collection<RequestKey>) arguments[1],
                (Decision<Object>) arguments[2]));
  }

  @SuppressWarnings("unchecked")
  static UnaryOperator<RequestStore> claimWaiting(Claim instead) {
    return method(
        RequestStore.class,
        "claimWaiting",
        (intact, arguments) ->
            instead.call(
                intact,
                (Collection<WaitingPlace>) arguments[0],
                (Integer) arguments[1],
                (Decision<Object>) arguments[2]));
  }

  static UnaryOperator<Publisher> respond(PublishInstead<Response> instead) {
    return publisher(instead, Publish::call);
  }

  static UnaryOperator<Publisher> dispatch(PublishInstead<HeldRequest> instead) {
    return publisher(Publish::call, instead);
  }

  static UnaryOperator<Publisher> publisher(
      PublishInstead<Response> respond, PublishInstead<HeldRequest> dispatch) {
    return intact ->
        new Publisher() {
          @Override
          public List<Refused<Response>> respond(
              List<Response> responses, BooleanSupplier allowed) {
            return respond.call(intact::respond, responses, allowed);
          }

          @Override
          public List<Refused<HeldRequest>> dispatch(
              List<HeldRequest> requests, BooleanSupplier allowed) {
            return dispatch.call(intact::dispatch, requests, allowed);
          }

          @Override
          public QueueState workerQueue(String workerType) {
            return intact.workerQueue(workerType);
          }
        };
  }
}
