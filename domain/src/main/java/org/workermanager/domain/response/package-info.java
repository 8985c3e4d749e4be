/** What requesters are told, and in which words (PROTOCOL section 7). Immutable values. */
package org.workermanager.domain.response;
