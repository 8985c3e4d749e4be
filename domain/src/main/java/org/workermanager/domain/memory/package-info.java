/** The stores in memory: for embedding without a database, and for tests. */
package org.workermanager.domain.memory;
