/**
 * The outbound ports to storage. A store runs the domain's pure decisions inside its transactions,
 * and remembers in open batches what has still to be published.
 */
package org.workermanager.domain.store;
