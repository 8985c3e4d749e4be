/** The embedded broker of this installation. */
package org.workermanager.app.embedded;
