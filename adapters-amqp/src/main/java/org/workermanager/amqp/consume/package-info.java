/**
 * Consuming in batches: from the broker to the domain, and back what cannot be processed. A service
 * that keeps at it through losses of the broker and the store.
 */
package org.workermanager.amqp.consume;
