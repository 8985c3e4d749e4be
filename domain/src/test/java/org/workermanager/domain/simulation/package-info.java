/**
 * A simulator of whole histories: the real domain between a simulated broker, database, workers,
 * requesters and operators, on one thread and driven by one seed, with every trouble that may come
 * at any step where it can. {@link org.workermanager.domain.simulation.Checker} says what must hold
 * whatever happens.
 */
package org.workermanager.domain.simulation;
