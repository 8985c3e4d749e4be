/** For authors of workers and requesters in Java: the protocol from their side. */
package org.workermanager.amqp.client;
