package org.workermanager.app.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.workermanager.domain.routing.Configuration.EMPTY;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workermanager.domain.routing.Configuration;
import org.workermanager.domain.routing.ConfigurationUpdate;
import org.workermanager.domain.routing.InvalidConfigurationException;
import org.workermanager.domain.routing.WorkerConfiguration;
import org.workermanager.domain.routing.WorkflowConfiguration;
import org.workermanager.domain.routing.WorkflowStep;

class ConfigurationErrorsTest {

  private static final String UPPER =
      worker("'workerType':'Upper','contentTypeInputs':['text'],'contentTypeOutput':'loud'");
  private static final String PRINT =
      worker(
          "'workerType':'Print','contentTypeInputs':['loud'],'contentTypeOutput':'paper','keepErrors':false");

  private static String worker(String fields) {
    return item("fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto", fields);
  }

  private static String workflow(String fields) {
    return item("fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto", fields);
  }

  private static String setting(String fields) {
    return item(
        "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting", fields);
  }

  private static String skip(String value) {
    return setting("'name':'skipContentTypes','value':" + value);
  }

  private static String item(String key, String fields) {
    return "{'key':'" + key + "','value':{" + fields + "}}";
  }

  private static String file(boolean reset, String... items) {
    return """
        {'microservice':'rs-worker-manager','modules':[{'module':{'id':'workermanager','version':'1'},
         'resetBeforeImport':%s,'configuration':[%s]}]}"""
        .formatted(reset, String.join(",", items));
  }

  private static ConfigurationUpdate read(String json) {
    return ConfigurationFile.parse(bytes(json)).update();
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }

  private static List<String> errors(String json) {
    return assertThrows(InvalidConfigurationException.class, () -> read(json)).errors();
  }

  /** One error and no other, saying all of this. */
  private static void assertOnlyError(String json, String... parts) {
    List<String> errors = errors(json);
    assertEquals(1, errors.size(), errors::toString);
    for (String part : parts) {
      assertTrue(errors.get(0).contains(part), () -> errors.get(0) + " lacks " + part);
    }
  }

  @Test
  void readsEverythingTheFormatHas() {
    ConfigurationUpdate update =
        read(
            file(
                true,
                UPPER,
                PRINT,
                workflow(
                    "'workflowType':'wf','keepErrors':false,'steps':[{'stepNumber':7,'workerType':'Print'},"
                        + "{'stepNumber':2,'workerType':'Upper'}]"),
                setting(
                    "'name':'skipContentTypes','description':'d','value':'[\\\"a\\\",\\\"b\\\"]','defaultValue':'[]',"
                        + "'className':'java.util.ArrayList','containsSensitiveParameters':false")));

    assertTrue(update.reset());
    assertEquals(
        List.of(
            new WorkerConfiguration("Upper", List.of("text"), "loud", true),
            new WorkerConfiguration("Print", List.of("loud"), "paper", false)),
        update.workers());
    assertEquals(
        List.of(
            new WorkflowConfiguration(
                "wf", List.of(new WorkflowStep(7, "Print"), new WorkflowStep(2, "Upper")), false)),
        update.workflows());
    assertEquals(List.of("a", "b"), update.skipContentTypes());
  }

  @Test
  void ofAFileToBeMergedAlsoWhatItWouldComeToIsSaidAtOnce() {
    Configuration current = read(file(true, UPPER, PRINT, skip("['old']"))).appliedTo(EMPTY);
    String json =
        file(
            false,
            worker("'workerType':'Copy','contentTypeInputs':['text','old'],'keepErrors':'no'"),
            workflow(
                "'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'Print'},{'stepNumber':2,'workerType':'Upper'},"
                    + "{'stepNumber':3,'workerType':'Gone'}]"));
    List<String> errors =
        assertThrows(
                InvalidConfigurationException.class,
                () -> ConfigurationFile.parse(bytes(json), current))
            .errors();
    assertEquals(
        List.of(
            "configuration[0], worker 'Copy': keepErrors must be true or false",
            "worker 'Copy': 'text' is already used by worker 'Upper'",
            "skipContentTypes: 'old' is used by worker 'Copy'",
            "workflow 'wf': step 2: worker 'Upper' does not accept 'paper', the contentTypeOutput of worker 'Print' before it",
            "workflow 'wf': step 3: workerType 'Gone' is not a configured worker"),
        errors);
    assertEquals(
        "Copy",
        ConfigurationFile.parse(
                bytes(file(false, worker("'workerType':'Copy','contentTypeInputs':['c']"))),
                current)
            .update()
            .workers()
            .get(0)
            .workerType());
  }

  @Test
  void takesTheSkippedContentTypesAsPlainArrayToo() {
    assertEquals(List.of("a"), read(file(true, skip("['a']"))).skipContentTypes());
    assertNull(read(file(true, UPPER)).skipContentTypes());
  }

  @Test
  void acceptsUnknownFieldsAndOtherModules() {
    String other = "{'module':{'id':'catalog'},'configuration':[{'key':'x','value':1}]},";
    String json =
        file(true, worker("'workerType':'W','contentTypeInputs':['a'],'colour':{'is':['red']}"))
            .replace("'modules':[", "'comment':null,'modules':[" + other);
    assertEquals("W", read(json).workers().get(0).workerType());
  }

  @Test
  void acceptsUnknownFieldsAtEveryLevelAndNotesThoseOfValues() {
    String json =
        """
        {'microservice':'rs-worker-manager','exported':1,'modules':[{'module':
          {'id':'workermanager','name':'n','version':{'x':1}},'resetBeforeImport':true,'author':[],'configuration':[
            {'key':'fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto','comment':'c',
             'value':{'workerType':'W','contentTypeInputs':['a'],'contentTypeOutput':null,'keepErrors':true,
              'dispatchTimeout':'PT1M','keepErors':false,'id':7}},
            {'key':'fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto',
             'value':{'workflowType':'f\\u001B','keepErrors':true,'label':null,'steps':
              [{'stepNumber':3,'workerType':'W','name':{}}]}},
            {'key':'fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting',
             'value':{'id':1,'name':'skipContentTypes','description':'d','value':'[]','defaultValue':'[]',
              'className':'java.util.ArrayList','containsSensitiveParameters':false}}]}]}""";
    ConfigurationFile file = ConfigurationFile.parse(json.replace('\'', '"').getBytes(UTF_8));
    assertEquals(
        new ConfigurationUpdate(
            true,
            List.of(new WorkerConfiguration("W", List.of("a"), null, true, Duration.ofMinutes(1))),
            List.of(new WorkflowConfiguration("f\u001B", List.of(new WorkflowStep(3, "W")), true)),
            List.of()),
        file.update());
    assertEquals(
        List.of(
            "configuration[0], worker 'W': unknown field 'keepErors' is ignored",
            "configuration[0], worker 'W': unknown field 'id' is ignored",
            "configuration[1], workflow 'f\\u001b': unknown field 'label' is ignored",
            "configuration[1], workflow 'f\\u001b', step 3: unknown field 'name' is ignored",
            "configuration[2], setting 'skipContentTypes': unknown field 'id' is ignored"),
        file.notes());
  }

  @Test
  void mergesUnlessTheFileSaysReset() {
    assertFalse(read(file(false, UPPER)).reset());
    assertFalse(read(file(false, UPPER).replace("'resetBeforeImport':false,", "")).reset());
  }

  @Test
  void tellsFilesApartByTheirBytes() {
    byte[] one = file(true, UPPER).replace('\'', '"').getBytes(UTF_8);
    byte[] other = (new String(one, UTF_8) + "\n").getBytes(UTF_8);
    assertEquals(
        ConfigurationFile.parse(one).fingerprint(), ConfigurationFile.parse(one).fingerprint());
    assertNotEquals(
        ConfigurationFile.parse(one).fingerprint(), ConfigurationFile.parse(other).fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'workerType':'a b','contentTypeInputs':['x']                         | worker 'a b': workerType must be
          'workerType':'','contentTypeInputs':['x']                            | worker '': workerType must be
          'workerType':'W','contentTypeInputs':[]                              | worker 'W': contentTypeInputs must name
          'workerType':'W','contentTypeInputs':['']                            | worker 'W': contentTypeInputs: content type '' is empty
          'workerType':'W','contentTypeInputs':['x'],'contentTypeOutput':''    | worker 'W': contentTypeOutput is empty
          'workerType':'W','contentTypeInputs':['text']                        | already used by worker 'Upper'
          'workerType':'Upper','contentTypeInputs':['x']                       | worker 'Upper': workerType is configured twice
          'workerType':'upper','contentTypeInputs':['x']                       | differs from worker 'Upper' in case only
          'contentTypeInputs':['x']                                            | configuration[2]: workerType must be text, and is missing
          'workerType':5,'contentTypeInputs':['x']                             | configuration[2]: workerType must be text
          'workerType':'W'                                                     | worker 'W': contentTypeInputs must be a list, and is missing
          'workerType':'W','contentTypeInputs':{'a':1}                         | worker 'W': contentTypeInputs must be a list
          'workerType':'W','contentTypeInputs':['x',null]                      | worker 'W': contentTypeInputs
          'workerType':'W','contentTypeInputs':['x'],'contentTypeOutput':1     | worker 'W': contentTypeOutput must be text
          'workerType':'W','contentTypeInputs':['x'],'keepErrors':'yes'        | worker 'W': keepErrors must be true or false
          'workerType':'W','contentTypeInputs':['x'],'dispatchTimeout':'10m'   | worker 'W': dispatchTimeout must be an ISO-8601 duration such as "PT10M" (ten minutes), or absent, and "10m" is none
          'workerType':'W','contentTypeInputs':['x'],'dispatchTimeout':600     | worker 'W': dispatchTimeout must be an ISO-8601 duration
          'workerType':'W','contentTypeInputs':['x'],'dispatchTimeout':'PT0S'  | worker 'W': dispatchTimeout must be more than nothing
          """)
  void refusesAWrongWorker(String fields, String error) {
    assertOnlyError(file(true, UPPER, PRINT, worker(fields)), error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'workflowType':'','steps':[{'stepNumber':0,'workerType':'Upper'}]     | workflow '': workflowType is empty
          'workflowType':'text','steps':[{'stepNumber':0,'workerType':'Upper'}] | 'text' is already used by worker 'Upper'
          'workflowType':'wf','steps':[]                                        | workflow 'wf': steps must have
          'workflowType':'wf','steps':[{'stepNumber':-1,'workerType':'Upper'}]  | step -1: stepNumber must be 0 or more
          'workflowType':'wf','steps':[{'stepNumber':0,'workerType':'Nobody'}]  | workerType 'Nobody' is not a configured
          'workflowType':'wf','steps':[{'stepNumber':1.5,'workerType':'Upper'}] | stepNumber must be a whole number, not 1.5
          'workflowType':'wf','steps':[{'workerType':'Upper'}]                  | stepNumber must be a whole number
          'workflowType':'wf','steps':[{'stepNumber':3000000000,'workerType':'Upper'}] | stepNumber must be a whole number
          'workflowType':'wf','steps':[{'stepNumber':4}]                        | step 4: workerType must be text
          'workflowType':'wf'                                                   | workflow 'wf': steps must be a list
          'steps':[{'stepNumber':0,'workerType':'Upper'}]                       | workflowType must be text
          'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'Print'},{'stepNumber':2,'workerType':'Upper'}] | step 2: worker 'Upper' does not accept
          'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'Upper'},{'stepNumber':1,'workerType':'Print'}] | stepNumber is used twice
          """)
  void refusesAWrongWorkflow(String fields, String error) {
    assertOnlyError(file(true, UPPER, PRINT, workflow(fields)), error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'name':'skipContentTypes','value':['text']   | 'text' is used by worker 'Upper'
          'name':'skipContentTypes','value':['']       | skipContentTypes: content type '' is empty
          'name':'skipContentTypes','value':[1]        | skipContentTypes must be texts
          'name':'skipContentTypes','value':'a,b'      | JSON array written as text
          'name':'skipContentTypes','value':''         | JSON array written as text
          'name':'skipContentTypes'                    | JSON array written as text
          'name':'other','value':'[]'                  | setting 'other' is not known
          'value':'[]'                                 | name must be text
          """)
  void refusesAWrongSetting(String fields, String error) {
    assertOnlyError(file(true, UPPER, setting(fields)), error);
  }

  @Test
  void refusesWhatItWouldHaveToChooseFrom() {
    assertOnlyError(file(true, skip("['a']"), skip("['b']")), "skipContentTypes", "twice");
    String module = "{'module':{'id':'workermanager'},'configuration':[]},";
    assertOnlyError(
        file(true, UPPER).replace("'modules':[", "'modules':[" + module), "modules", "twice");
  }

  @Test
  void refusesUnknownKeysAndEmptyItems() {
    assertOnlyError(file(true, item("some.Other", "")), "configuration[0]", "some.Other");
    assertOnlyError(file(true, UPPER, "5"), "configuration[1]", "value must be an object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~              | The file is empty
          ~ ~             | The file is empty
          null            | must hold a JSON object
          []              | must hold a JSON object
          {}              | modules must be a list
          {'modules':{}}  | modules must be a list
          {'modules':[]}  | modules: there is no module with the id 'workermanager'
          {'modules':[{'module':{'id':'catalog'},'configuration':[]}]} | no module with the id 'workermanager'
          {'modules':[{'module':{'id':'workermanager'}}]} | module 'workermanager': configuration must be a list
          """)
  void refusesAFileWithoutOurModule(String json, String error) {
    assertOnlyError(json, error);
  }

  @Test
  void saysWhereAFileIsNoJson() {
    assertOnlyError("{'modules':\n x", "Not JSON", "line 2, column");
    assertOnlyError(file(true, UPPER) + " x", "Not JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {                   | Not JSON: it ends too early, at line 1
          {'modules':['x      | Not JSON: it ends too early, at line 1
          {'modules':[]} {}   | Not JSON: there is something after its end, at line 1
          {'modules':[1}      | expected ']' (for Array starting at line: 1, column: 12)
          // comment          | maybe a (non-standard) comment?, at line 1
          """)
  void saysInPlainWordsWhyAFileIsNoJson(String json, String error) {
    assertOnlyError(json, error);
    String message = errors(json).get(0);
    assertFalse(message.contains("Source") || message.contains("Feature"), message);
  }

  @Test
  void refusesAFileNestedTooDeep() {
    assertOnlyError("[".repeat(10_000) + "]".repeat(10_000), "Not JSON", "depth");
    assertOnlyError(file(true, skip("'" + "[".repeat(10_000) + "'")), "JSON array written as text");
  }

  @Test
  void listsErrorsOfFormAndBrokenRulesTogether() {
    List<String> errors =
        errors(
            file(
                true,
                worker("'workerType':'a b','contentTypeInputs':['x']"),
                worker("'workerType':'W','contentTypeInputs':['y'],'keepErrors':1"),
                workflow("'workflowType':'x','steps':[]"),
                item("some.Other", ""),
                skip("['x']")));

    for (String error :
        List.of(
            "worker 'a b': workerType",
            "worker 'W': keepErrors",
            "'x' is already used by worker 'a b'",
            "steps must have",
            "some.Other",
            "skipContentTypes: 'x' is used by")) {
      assertEquals(
          1, errors.stream().filter(found -> found.contains(error)).count(), error + errors);
    }
    assertEquals(6, errors.size(), errors::toString);
  }

  @Test
  void listsWhatElseIsWrongWithWhatCannotBeReadWhole() {
    List<String> errors =
        errors(
            file(
                true,
                UPPER,
                PRINT,
                worker(
                    "'workerType':'A B','contentTypeInputs':['x',5],'contentTypeOutput':'','keepErrors':1"),
                worker("'contentTypeInputs':['text']"),
                worker("'workerType':'W','contentTypeInputs':['w'],'contentTypeOutput':1"),
                workflow(
                    "'workflowType':'','keepErrors':1,'steps':[{'stepNumber':-1,'workerType':'W'},"
                        + "{'stepNumber':5,'workerType':'Print'},{'stepNumber':5,'workerType':'Upper'},{'stepNumber':7}]")));

    List<String> expected =
        List.of(
            "configuration[2], worker 'A B': keepErrors must be",
            "configuration[2], worker 'A B': contentTypeInputs must be texts",
            "configuration[3]: workerType must be text",
            "configuration[4], worker 'W': contentTypeOutput must be text",
            "configuration[5], workflow '': keepErrors must be",
            "configuration[5], workflow '', step 7: workerType must be text",
            "worker 'A B': workerType must be 1 to 128",
            "worker 'A B': contentTypeOutput is empty",
            "configuration[3]: 'text' is already used by worker 'Upper'",
            "workflow '': workflowType is empty",
            "workflow '': step -1: stepNumber must be 0 or more",
            "workflow '': step 5: stepNumber is used twice",
            "workflow '': step 5: worker 'Upper' does not accept 'paper'");
    for (String error : expected) {
      assertEquals(
          1, errors.stream().filter(found -> found.startsWith(error)).count(), error + errors);
    }
    assertEquals(expected.size(), errors.size(), errors::toString);
  }

  @Test
  void namesAStepWithoutNumberByItsPlace() {
    assertOnlyError(
        file(true, UPPER, workflow("'workflowType':'wf','steps':[{'workerType':'Nobody'}]")),
        "workflow 'wf', steps[0]: stepNumber must be a whole number");
  }

  @Test
  void doesNotBlameAWorkflowForAWorkerThatCouldNotBeRead() {
    String steps = "'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'W'}]";
    assertOnlyError(
        file(true, worker("'workerType':'W','contentTypeInputs':5"), workflow(steps)),
        "worker 'W': contentTypeInputs must be a list");
    assertOnlyError(
        file(true, worker("'contentTypeInputs':['a']"), workflow(steps)),
        "configuration[0]: workerType must be text");
    assertOnlyError(file(true, "5", workflow(steps)), "configuration[0]: value must be an object");
  }

  @Test
  void leavesToTheMergeWhatDependsOnWhatIsConfigured() {
    String steps =
        "'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'Upper'},"
            + "{'stepNumber':2,'workerType':'Elsewhere'}]";
    assertEquals(1, read(file(false, UPPER, workflow(steps))).workflows().size());
    assertOnlyError(file(true, UPPER, workflow(steps)), "'Elsewhere' is not a configured worker");
  }

  @Test
  void findsWhatIsWrongWithAFileToMergeInAnyCase() {
    assertOnlyError(
        file(false, UPPER, UPPER.replace("'text'", "'x'")),
        "'Upper': workerType is configured twice");
    assertOnlyError(
        file(
            false,
            UPPER,
            PRINT,
            workflow(
                "'workflowType':'wf','steps':[{'stepNumber':1,'workerType':'Print'},"
                    + "{'stepNumber':2,'workerType':'Upper'}]")),
        "worker 'Upper' does not accept");
  }

  @Test
  void saysThatAFileIsMissing(@TempDir Path folder) {
    Path missing = folder.resolve("none.json");
    assertEquals(List.of("There is no file " + missing + "."), errorsOf(missing));
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws Exception {
    assertEquals(
        List.of("The file " + folder + " cannot be read: Is a directory."), errorsOf(folder));
    Path secret =
        Files.createFile(
            folder.resolve("secret.json"), PosixFilePermissions.asFileAttribute(Set.of()));
    assumeFalse(Files.isReadable(secret), "This user may read everything");
    assertEquals(
        List.of("The file " + secret + " may not be read by this user."), errorsOf(secret));
  }

  private static List<String> errorsOf(Path file) {
    return assertThrows(InvalidConfigurationException.class, () -> ConfigurationFile.read(file))
        .errors();
  }
}
