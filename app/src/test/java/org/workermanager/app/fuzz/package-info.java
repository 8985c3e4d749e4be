/**
 * Hard input at scale: messages that are wrong in every way the protocol can be broken, thrown at
 * all queues that a manager consumes, between good ones. Each says beforehand what may become of
 * it, and none may become anything else.
 */
package org.workermanager.app.fuzz;
