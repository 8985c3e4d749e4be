/**
 * What comes back from workers: replies and dead letters (PROTOCOL sections 5 and 6). Immutable
 * values.
 */
package org.workermanager.domain.reply;
