/** Configuration files in the exchange format of PROTOCOL section 9. */
package org.workermanager.app.configuration;
