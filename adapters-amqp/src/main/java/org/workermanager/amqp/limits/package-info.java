/** How large messages may be that are taken. */
package org.workermanager.amqp.limits;
