/** The outbound port to workers and requesters. */
package org.workermanager.domain.publish;
