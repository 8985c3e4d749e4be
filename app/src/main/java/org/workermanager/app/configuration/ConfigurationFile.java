package org.workermanager.app.configuration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;

/**
 * A configuration file in the exchange format (PROTOCOL section 9).
 *
 * @param update what it asks for
 * @param fingerprint of its bytes
 */
public record ConfigurationFile(ConfigurationUpdate update, Fingerprint fingerprint) {

  static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public ConfigurationFile {
    requireNonNull(update, "update");
    requireNonNull(fingerprint, "fingerprint");
  }

  /**
   * Reads a file.
   *
   * @throws InvalidConfigurationException naming everything that is wrong. A file that is to be
   *     merged is held against an empty configuration when {@link #check} is called, not here: what
   *     it refers to may be there already
   */
  public static ConfigurationFile read(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new InvalidConfigurationException(List.of("There is no file " + file + "."));
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          List.of("The file " + file + " cannot be read: " + e.getMessage()));
    }
  }

  /** The same from the file's bytes. */
  public static ConfigurationFile parse(byte[] bytes) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      String place =
          "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      throw new InvalidConfigurationException(
          List.of("Not JSON: " + e.getOriginalMessage() + ", at " + place));
    } catch (IOException e) {
      throw new InvalidConfigurationException(List.of("Not JSON: " + e.getMessage()));
    }
    ConfigurationUpdate update = new ConfigurationReader().read(root);
    if (update.reset()) {
      update.appliedTo(Configuration.EMPTY);
    }
    return new ConfigurationFile(update, fingerprint(bytes));
  }

  /**
   * Checks it as if nothing were configured yet.
   *
   * @throws InvalidConfigurationException naming every broken rule
   */
  public Configuration check() {
    return update.appliedTo(Configuration.EMPTY);
  }

  private static Fingerprint fingerprint(byte[] bytes) {
    try {
      return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
