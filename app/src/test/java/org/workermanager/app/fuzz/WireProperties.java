package org.workermanager.app.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.ContentHeaderPropertyWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Properties and headers as no decent client would write them. */
final class WireProperties extends BasicProperties {

  /** Stands for bytes that are no UTF-8, wherever text is due. */
  static final String NO_UTF_8 = "\u0001\u0002\u0003\u0004";

  private static final String BAD_BYTES = "\u00ff\u00c0\u00fe\u0080";

  /** A header of this name is another {@code regards.tenant} beside the first. */
  static final String SECOND_TENANT = "regards.tenanT";

  private final BasicProperties decent;

  WireProperties(BasicProperties decent) {
    this.decent = decent;
  }

  @Override
  public void writePropertiesTo(ContentHeaderPropertyWriter writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    decent.writePropertiesTo(new ContentHeaderPropertyWriter(new DataOutputStream(bytes)));
    // as long as before, so that all lengths stay right
    String wire =
        bytes
            .toString(ISO_8859_1)
            .replace(NO_UTF_8, BAD_BYTES)
            .replace(SECOND_TENANT, "regards.tenant");
    for (byte b : wire.getBytes(ISO_8859_1)) {
      writer.writeOctet(b);
    }
  }

  /** What a reader makes of a text that is written so. */
  static String read(String text) {
    return text.replace(NO_UTF_8, "\ufffd\ufffd\ufffd\ufffd");
  }
}
