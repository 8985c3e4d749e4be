/** The rules between and inside the modules, each proved by a violation planted on purpose. */
package org.workermanager.app.architecture;
