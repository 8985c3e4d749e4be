package org.workermanager.app.architecture.planted.logging;

import org.slf4j.LoggerFactory;

class Talks {
  void slf4j() {
    LoggerFactory.getLogger(Talks.class).debug("planted");
  }

  void logger() {
    java.util.logging.Logger.getLogger("planted");
  }

  void console() {
    System.out.println();
  }

  void trace() {
    new IllegalStateException().printStackTrace();
  }
}
