/** What operators do to many held requests at once, and what came of it. */
package org.workermanager.domain.operation;
