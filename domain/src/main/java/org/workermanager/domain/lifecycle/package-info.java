/**
 * What becomes of a request when something happens to it: pure functions, one for each kind of
 * event (PROTOCOL sections 5, 6 and 8). Legal or not, late or repeated: every event has a defined
 * outcome.
 */
package org.workermanager.domain.lifecycle;
