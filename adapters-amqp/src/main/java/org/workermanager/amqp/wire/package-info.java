/** Messages as the protocol has them: reading and writing, without a connection. */
package org.workermanager.amqp.wire;
