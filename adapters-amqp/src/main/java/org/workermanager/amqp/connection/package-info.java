/** Which broker to use and how, what is told of it, and what to tell people when that fails. */
package org.workermanager.amqp.connection;
