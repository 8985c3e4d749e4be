package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {

  /** Of a body in which each line ends in |. */
  private static String part(String contentType, String body) {
    byte[] bytes = body.replace("|", "\r\n").getBytes(ISO_8859_1);
    String boundary = HeaderParameters.parse(contentType).parameters().get("boundary");
    return new String(Multipart.part(bytes, boundary, "file"), ISO_8859_1);
  }

  private static String refusal(String body) {
    return assertThrows(Problem.class, () -> part("multipart/form-data; boundary=b", body))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=b",
        "multipart/form-data;boundary=b",
        "multipart/form-data; boundary=\"b\"",
        "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"b\"; x=y",
        "multipart/form-data; x=\"a;boundary=c\"; boundary=b",
        "multipart/form-data; x=\"a\\\"; boundary=c\"; boundary= b ",
      })
  void findsTheBoundaryHoweverItIsWritten(String contentType) {
    assertEquals(
        "{}", part(contentType, "--b|Content-Disposition: form-data; name=\"file\"||{}|--b--|"));
  }

  @Test
  void aBoundaryInQuotesMayHaveBlanksAndSemicolons() {
    assertEquals(
        "{}",
        part(
            "multipart/form-data; boundary=\"a b;'c'\"",
            "--a b;'c'|Content-Disposition: form-data; name=file||{}|--a b;'c'--"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Disposition: form-data; name=\"file\"",
        "Content-Disposition: form-data; name=\"file\"; filename=\"other\"",
        "Content-Disposition: form-data; filename=\"a;name=other\"; name=\"file\"",
        "Content-Disposition: form-data; filename=\"a\\\"; name=other\"; name=file",
        "content-disposition:form-data;name=file",
        "Content-Type: application/json|CONTENT-DISPOSITION: form-data; name=\"file\"|X: y",
        "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''name%3D",
      })
  void findsTheNameHoweverItIsWritten(String headers) {
    assertEquals("{}", part("x; boundary=b", "--b|" + headers + "||{}|--b--|"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "first|line|--b|H||{}|--b--; {}",
        "|--b|H||{}|--b--|an|--b|epilogue; {}",
        "--b  |H||{}|--b--; {}",
        "--b|H|||--b--; ``",
        "--b|H||--b--; ``",
        "--b|H|||| |--b--; `|| `",
        "--b|H||--|-b|b--b|--b--; `--|-b|b--b`",
      })
  void findsTheContent(String body, String content) {
    String header = "Content-Disposition: form-data; name=\"file\"";
    String all = body.replace("H", header);
    assertEquals(content.replace("|", "\r\n"), part("x; boundary=b", all));
  }

  @Test
  void passesOverOtherParts() {
    String other = "--b|Content-Disposition: form-data; name=\"other\"||x|";
    String nameless = "--b|Content-Type: text/plain||y|--b|||z|";
    String file = "--b|Content-Disposition: form-data; name=\"file\"||{}|";
    assertEquals("{}", part("x; boundary=b", other + nameless + file + other + "--b--"));
  }

  @Test
  void saysWhatIsWrong() {
    String file = "--b|Content-Disposition: form-data; name=\"file\"||{}|";
    assertTrue(refusal("--b|Content-Disposition: form-data||{}|--b--").contains("no part"));
    assertTrue(refusal(file.replace("\"file\"", "\"FILE\"") + "--b--").contains("no part"));
    assertTrue(refusal(file + file + "--b--").contains("several"));
    assertTrue(refusal(file).contains("early"));
    assertTrue(refusal(file + "--b").contains("early"));
    assertTrue(refusal("--b|Content-Disposition: form-data; name=\"file\"|").contains("early"));
    assertTrue(refusal("--b").contains("early"));
    assertTrue(refusal("--bx|Y||{}|--bx--").contains("alone"));
    assertTrue(refusal("").contains("not occur"));
    assertTrue(refusal("{}").contains("not occur"));
    for (String type : new String[] {"x", "x; boundary=", "x; boundary=" + "b".repeat(71)}) {
      String problem = assertThrows(Problem.class, () -> part(type, file)).getMessage();
      assertTrue(problem.contains("boundary"), problem);
    }
  }
}
