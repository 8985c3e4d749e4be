package org.workermanager.app.configuration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonLocation;
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
   * @throws InvalidConfigurationException naming everything that is wrong. Of a file that is to be
   *     merged, what refers to workers outside it can only be checked when it is
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
      throw new InvalidConfigurationException(
          List.of("Not JSON: " + e.getOriginalMessage() + place(e.getLocation())));
    } catch (IOException e) {
      throw new InvalidConfigurationException(List.of("Not JSON: " + e.getMessage()));
    }
    ConfigurationUpdate update = new ConfigurationReader().read(root);
    return new ConfigurationFile(update, fingerprint(bytes));
  }

  /** Errors about limits, such as the depth, have none. */
  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static Fingerprint fingerprint(byte[] bytes) {
    try {
      return Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
