package org.workermanager.amqp.wire;

/** Makes a value of the domain of a message. Thread-safe. */
@FunctionalInterface
public interface MessageReader<T> {

  T read(Delivery delivery) throws UnreadableMessageException;
}
