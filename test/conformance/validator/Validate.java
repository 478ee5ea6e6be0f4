import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * HL7's validator core over lines of stdin, each {"name", "resource"}; answers one line per issue on stdout:
 * {"name", "severity", "place", "message"}. The first argument is the folder of our definitions. Nothing is fetched.
 */
public class Validate {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    FhirContext fhir = FhirContext.forR4();
    FhirValidator validator = fhir.newValidator().registerValidatorModule(judge(fhir, Path.of(args[0])));
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode item = json.readTree(line);
      for (SingleValidationMessage issue : validator.validateWithResult(item.get("resource").toString()).getMessages()) {
        ObjectNode answer = json.createObjectNode();
        answer.put("name", item.get("name").asText());
        answer.put("severity", issue.getSeverity() == null ? "error" : issue.getSeverity().getCode());
        answer.put("place", issue.getLocationString());
        answer.put("message", issue.getMessage());
        out.println(answer);
      }
    }
    out.flush();
    System.exit(0);
  }

  private static FhirInstanceValidator judge(FhirContext fhir, Path definitions) throws Exception {
    PrePopulatedValidationSupport own = new PrePopulatedValidationSupport(fhir);
    try (Stream<Path> files = Files.walk(definitions)) {
      List<Path> all = files.filter(Validate::isDefinition).sorted().toList();
      if (all.isEmpty()) throw new IllegalStateException("no definitions in " + definitions);
      for (Path file : all) own.addResource(read(fhir, file));
    }
    IValidationSupport chain = new ValidationSupportChain(
        new DefaultProfileValidationSupport(fhir),
        own,
        new CommonCodeSystemsTerminologyService(fhir),
        new InMemoryTerminologyServerValidationSupport(fhir),
        new SnapshotGeneratingValidationSupport(fhir));
    FhirInstanceValidator judge = new FhirInstanceValidator(chain);
    // An extension that nobody defined is a mistake of ours, not something to let through.
    judge.setAnyExtensionsAllowed(false);
    judge.setErrorForUnknownProfiles(true);
    return judge;
  }

  private static boolean isDefinition(Path file) {
    return file.toString().endsWith(".json") && !file.toString().contains("examples");
  }

  private static IBaseResource read(FhirContext fhir, Path file) throws Exception {
    return fhir.newJsonParser().parseResource(Files.readString(file));
  }
}
