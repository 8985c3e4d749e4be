/**
 * The exchanges, queues and bindings of the protocol, declared so that what exists already is
 * tolerated.
 */
package org.workermanager.amqp.topology;
