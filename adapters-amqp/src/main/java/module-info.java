/** The protocol on the wire: consumers, publishers and topology over AMQP 0-9-1. */
module org.workermanager.amqp {
  requires transitive org.workermanager.domain;
  requires com.fasterxml.jackson.databind;
  requires transitive com.rabbitmq.client;
  requires org.slf4j;

  exports org.workermanager.amqp;
  exports org.workermanager.amqp.client;
  exports org.workermanager.amqp.connection;
  exports org.workermanager.amqp.embedded;
  exports org.workermanager.amqp.limits;
}
