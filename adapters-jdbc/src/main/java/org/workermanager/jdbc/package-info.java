/** The root of the JDBC adapter. */
package org.workermanager.jdbc;
