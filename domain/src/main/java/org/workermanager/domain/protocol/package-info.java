/** Limits that the wire protocol sets, whatever carries it. */
package org.workermanager.domain.protocol;
