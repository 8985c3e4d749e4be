/** The root of the application: its start and its command line. */
package org.workermanager.app;
