package org.workermanager.app.client;

import static java.util.Objects.requireNonNull;

/** How the existing system wraps each thing. */
record Resource<T>(T content) {
  Resource {
    requireNonNull(content, "content");
  }
}
