package org.workermanager.app.configuration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
 * @param notes what in it means nothing to this program, such as a misspelt field, each in one
 *     line; no errors, since files of the existing system may have more than this program reads
 */
public record ConfigurationFile(
    ConfigurationUpdate update, Fingerprint fingerprint, List<String> notes) {

  static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public ConfigurationFile {
    requireNonNull(update, "update");
    requireNonNull(fingerprint, "fingerprint");
    notes = List.copyOf(notes);
  }

  /**
   * Reads a file.
   *
   * @throws InvalidConfigurationException naming everything that is wrong. Of a file that is to be
   *     merged, what refers to workers outside it can only be checked when it is
   */
  public static ConfigurationFile read(Path file) {
    return parse(bytes(file));
  }

  /**
   * Reads a file's bytes, whatever they mean.
   *
   * @throws InvalidConfigurationException if it is not there, or may not be read
   */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw refused("There is no file " + file + ".");
    } catch (AccessDeniedException e) {
      throw refused("The file " + file + " may not be read by this user.");
    } catch (IOException e) {
      throw refused("The file " + file + " cannot be read: " + e.getMessage() + ".");
    }
  }

  /**
   * Reads the bytes of a file, however they came.
   *
   * @throws InvalidConfigurationException as {@link #read} does
   */
  public static ConfigurationFile parse(byte[] bytes) {
    return parse(bytes, null);
  }

  /**
   * Reads the bytes of a file that is for a tenant with this configuration.
   *
   * @param current may be null, where it is not known
   * @throws InvalidConfigurationException naming everything that is wrong, also with what a merge
   *     would come to
   */
  public static ConfigurationFile parse(byte[] bytes, Configuration current) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw refused("Not JSON: " + describe(e) + place(e.getLocation()) + ".");
    } catch (IOException e) {
      throw refused("Not JSON: " + e.getMessage() + ".");
    }
    ConfigurationReader reader = new ConfigurationReader(current);
    ConfigurationUpdate update = reader.read(root);
    return new ConfigurationFile(update, fingerprint(bytes), reader.notes());
  }

  private static InvalidConfigurationException refused(String reason) {
    return new InvalidConfigurationException(List.of(reason));
  }

  /** Without what only means something to programmers. */
  private static String describe(JsonProcessingException error) {
    if (error instanceof JsonEOFException) {
      return "it ends too early";
    } else if (error instanceof MismatchedInputException) {
      return "there is something after its end";
    }
    return error
        .getOriginalMessage()
        .replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1")
        .replaceAll(", from `[^`]*`| \\(not recognized as one since [^)]*\\)", "");
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
