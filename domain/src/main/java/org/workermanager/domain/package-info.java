/**
 * The worker manager: {@link org.workermanager.domain.WorkerManager} is handed what arrives,
 * decides with the pure functions of the packages below, and stores and publishes through its
 * ports.
 */
package org.workermanager.domain;
