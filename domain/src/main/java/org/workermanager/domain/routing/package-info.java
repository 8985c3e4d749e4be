/**
 * One tenant's configuration (PROTOCOL section 9), checked and merged, and the routes that follow
 * from it: which worker type a request goes to from where it stands. Values and pure functions.
 */
package org.workermanager.domain.routing;
