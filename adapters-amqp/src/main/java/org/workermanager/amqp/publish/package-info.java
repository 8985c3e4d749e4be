/**
 * Publishing with the broker's confirmation, many messages in flight, one bad message never harming
 * its neighbours.
 */
package org.workermanager.amqp.publish;
