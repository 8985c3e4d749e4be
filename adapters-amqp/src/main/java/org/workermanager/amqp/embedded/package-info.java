/**
 * A broker in the same process: Apache Qpid Broker-J, started on 127.0.0.1 and made to behave as
 * RabbitMQ does as far as the protocol needs it.
 *
 * <p>What Qpid does differently and this package can mend is mended here, so that nobody else needs
 * to know: queue arguments with RabbitMQ's names, dead-lettering, message expiry, frame size. Qpid
 * is reached by reflection, through a class loader that the caller gives: it can't be on a module
 * path (its jars share packages), and nobody who talks to a real broker needs it.
 */
package org.workermanager.amqp.embedded;
