/** The worker manager wired and running: for the command line, and for programs that embed it. */
package org.workermanager.app.service;
