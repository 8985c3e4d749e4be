/** The worker manager as a program: wiring, settings, command line, embedded broker. */
module org.workermanager.app {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires org.slf4j;
  requires org.workermanager.amqp;
  requires org.workermanager.domain;
  requires org.workermanager.jdbc;

  // Option values and commands are set and called by picocli.
  opens org.workermanager.app to
      info.picocli;
}
