/** The command line: options, the environment variables that stand for them, and the commands. */
package org.workermanager.app.command;
