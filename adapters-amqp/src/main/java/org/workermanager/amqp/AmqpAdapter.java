package org.workermanager.amqp;

import java.time.InstantSource;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.ConsumingListener;
import org.workermanager.amqp.consume.ConsumingService;
import org.workermanager.amqp.publish.ConfirmedPublisher;
import org.workermanager.amqp.topology.Topology;
import org.workermanager.amqp.wire.MessageWriter;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.domain.WorkerManager;
import org.workermanager.domain.publish.Publisher;

/**
 * Connects a worker manager to an AMQP 0-9-1 broker: make one, give its {@link #publisher()} to the
 * worker manager, and {@link #start} it with that.
 *
 * <p>It keeps trying for ever when the broker or the store does not answer. Thread-safe.
 */
public final class AmqpAdapter implements AutoCloseable {

  private final AmqpSettings settings;
  private final Topology topology;
  private final SetAsideWriter setAside;
  private final ConfirmedPublisher publisher;
  private ConsumingService service;

  public AmqpAdapter(AmqpSettings settings, InstantSource clock) {
    this.settings = settings;
    this.topology = new Topology(settings.queueArguments());
    this.setAside = new SetAsideWriter(settings.instance());
    this.publisher =
        new ConfirmedPublisher(
            new MessageWriter(settings.appId(), clock),
            setAside,
            topology,
            settings.confirmTimeout());
  }

  /**
   * Publishes once started; until then, and while there is no connection, the broker is
   * unavailable.
   */
  public Publisher publisher() {
    return publisher;
  }

  /**
   * Begins to connect and to consume; returns at once.
   *
   * @throws IllegalStateException if it was started before
   */
  public synchronized void start(WorkerManager manager, ConsumingListener listener) {
    if (service != null) {
      throw new IllegalStateException("started already");
    }
    service = new ConsumingService(settings, topology, manager, publisher, setAside, listener);
    service.start();
  }

  /**
   * Stops consuming, finishes what is in hand, and disconnects: within 5 seconds, whatever does not
   * answer.
   */
  @Override
  public synchronized void close() {
    if (service != null) {
      service.stop();
    }
  }
}
