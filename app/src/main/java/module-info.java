/** The worker manager as a program: wiring, settings, command line, embedded broker. */
module org.workermanager.app {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires org.slf4j;
  requires transitive org.workermanager.amqp;
  requires transitive org.workermanager.domain;
  requires transitive org.workermanager.jdbc;

  exports org.workermanager.app.configuration;
  exports org.workermanager.app.service;

  // Option values and commands are set and called by picocli.
  opens org.workermanager.app.command to
      info.picocli;
}
