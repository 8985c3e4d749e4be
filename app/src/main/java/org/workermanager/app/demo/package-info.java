/** What a newcomer runs first: a worker manager with sample workers and a requester around it. */
package org.workermanager.app.demo;
