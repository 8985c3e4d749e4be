/**
 * Chaos on the real thing: managers as a user starts them, on a RabbitMQ and a PostgreSQL of their
 * own, under load, while all of these are killed, stopped, paused and cut off from each other.
 * Every request is accounted for. {@link Chaos} is the program; it is no part of the normal build.
 */
package org.workermanager.app.chaos;
