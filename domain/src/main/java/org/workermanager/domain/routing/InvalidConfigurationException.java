package org.workermanager.domain.routing;

import java.util.List;
import org.workermanager.domain.protocol.ProtocolText;

/** A configuration breaks rules of PROTOCOL section 9; says all of them at once. */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  /**
   * @param errors in which the names that are configured may stand as they are, whatever they
   *     contain
   */
  public InvalidConfigurationException(List<String> errors) {
    super("Invalid configuration: " + ProtocolText.printable(String.join("; ", errors)));
    this.errors = errors.stream().map(ProtocolText::printable).toList();
  }

  /** Every error found, each one line that names the worker, workflow or field. */
  public List<String> errors() {
    return errors;
  }
}
