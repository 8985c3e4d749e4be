package org.workermanager.app.architecture.planted.boundary;

import javax.sql.DataSource;

record NeedsSql(DataSource source) {}
