/**
 * What people look for among held requests, and what they are shown (PROTOCOL sections 8 and 10).
 * Immutable values.
 */
package org.workermanager.domain.search;
