/**
 * Requests: as submitted, and as held with the state they are in (PROTOCOL sections 2 and 8).
 * Immutable values.
 */
package org.workermanager.domain.request;
