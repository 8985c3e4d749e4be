/**
 * A simulator of whole histories: the real domain between a simulated broker, database, workers,
 * requesters and operators, on one thread and driven by one seed, with every trouble that may come
 * at any step where it can.
 *
 * <ul>
 *   <li>{@link org.workermanager.domain.simulation.Simulation} runs one {@link
 *       org.workermanager.domain.simulation.History} for each seed: everybody in it takes turns at
 *       random, by its {@link org.workermanager.domain.simulation.Plan}, until the {@link
 *       org.workermanager.domain.simulation.Ending}, when nothing goes wrong any more.
 *   <li>What may go wrong is an {@link org.workermanager.domain.simulation.Injection}; it happens
 *       in the ports of a {@link org.workermanager.domain.simulation.ManagerProcess}, which run
 *       others in the middle of a call, and in what they all do by themselves.
 *   <li>What must hold is a {@link org.workermanager.domain.simulation.Promise}. It is checked when
 *       something is stored ({@link org.workermanager.domain.simulation.StoreChecker}), when a
 *       message is acknowledged or published ({@link
 *       org.workermanager.domain.simulation.MessageChecker}), and in the end, by what truly
 *       happened ({@link org.workermanager.domain.simulation.Facts}).
 *   <li>{@link org.workermanager.domain.simulation.Sabotage} proves that a broken promise is
 *       noticed, {@link org.workermanager.domain.simulation.HardCase} that what is hard was met.
 * </ul>
 */
package org.workermanager.domain.simulation;
