package org.workermanager.amqp.consume;

import java.util.List;
import org.workermanager.amqp.wire.Delivery;

/**
 * What is to be done with the deliveries of a batch that has been handled; those in neither list
 * are acknowledged.
 *
 * @param deferred not done with: to be handled again in a moment
 * @param rejected not read: to be moved to where their queue dead-letters, by the broker
 */
record Handled(List<Delivery> deferred, List<Delivery> rejected) {}
