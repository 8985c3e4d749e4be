package org.workermanager.amqp.connection;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;

/** Opens channels. */
public final class Channels {

  private Channels() {}

  /**
   * Opens another channel on a connection.
   *
   * @throws IOException also when the broker allows no more of them, for which the client has null
   */
  public static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(
            () -> new IOException("The broker allows no more channels on this connection"));
  }
}
