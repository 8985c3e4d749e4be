/**
 * Talks to a running worker manager over its HTTP side, and knows its answers as values. The
 * program's commands for operators are built on it.
 */
package org.workermanager.app.client;
