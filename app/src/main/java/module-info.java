/**
 * The worker manager as a program: wiring, settings, command line, HTTP for operators, embedded
 * broker.
 */
module org.workermanager.app {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires java.net.http;
  requires jdk.httpserver;
  requires org.slf4j;
  requires transitive org.workermanager.amqp;
  requires transitive org.workermanager.domain;
  requires transitive org.workermanager.jdbc;

  exports org.workermanager.app.configuration;
  exports org.workermanager.app.http;
  exports org.workermanager.app.service;

  // Option values and commands are set and called by picocli.
  opens org.workermanager.app.command to
      info.picocli;
  // What a manager answers is read into it.
  opens org.workermanager.app.client to
      com.fasterxml.jackson.databind;
}
