/** The root of the AMQP adapter. */
package org.workermanager.amqp;
