package org.workermanager.domain.routing;

import java.util.List;

/** A configuration breaks rules of PROTOCOL section 9; says all of them at once. */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  public InvalidConfigurationException(List<String> errors) {
    super("Invalid configuration: " + String.join("; ", errors));
    this.errors = List.copyOf(errors);
  }

  /** Every error found, each a sentence that names the worker, workflow or field. */
  public List<String> errors() {
    return errors;
  }
}
