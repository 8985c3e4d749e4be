package org.workermanager.amqp.consume;

import java.io.IOException;
import org.workermanager.amqp.connection.AmqpErrors;

/**
 * Another process runs under the same instance id on the same broker; or this one did, and the
 * broker has not noticed yet that its connection is lost.
 */
public final class InstanceInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  private InstanceInUseException(String instance, IOException cause) {
    super(
        "another process runs with the instance id '" + instance + "'; each needs its own", cause);
  }

  static IOException orSame(IOException error, String instance) {
    return AmqpErrors.isExclusiveUse(error) ? new InstanceInUseException(instance, error) : error;
  }
}
