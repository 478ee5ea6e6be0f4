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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.utilities.npm.FilesystemPackageCacheManager;
import org.hl7.fhir.utilities.npm.NpmPackage;

/**
 * HL7's validator core over lines of stdin, each {"name", "resource"}; answers one line per issue on stdout:
 * {"name", "severity", "place", "message"}. The first argument is the folder of our definitions, or the file of a FHIR package
 * that has them, which is put into a package cache and loaded from it by name. Nothing is fetched.
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
    if (definitions.toString().endsWith(".tgz")) loadPackage(fhir, definitions, own);
    else loadFolder(fhir, definitions, own);
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

  /** As a validator that is told `-ig name#version` finds it. */
  private static void loadPackage(FhirContext fhir, Path file, PrePopulatedValidationSupport own) throws Exception {
    Path folder = Files.createTempDirectory("fhir-packages");
    FilesystemPackageCacheManager cache =
        new FilesystemPackageCacheManager.Builder().withCacheFolder(folder.toString()).build();
    NpmPackage read = NpmPackage.fromPackage(Files.newInputStream(file));
    cache.addPackageToCache(read.name(), read.version(), Files.newInputStream(file), file.toString());
    NpmPackage named = cache.loadPackageFromCacheOnly(read.name(), read.version());
    List<String> names = named.listResources("StructureDefinition", "ValueSet", "CodeSystem", "MessageDefinition",
        "CapabilityStatement", "ImplementationGuide");
    if (names.isEmpty()) throw new IllegalStateException("no definitions in " + file);
    for (String name : names) own.addResource(fhir.newJsonParser().parseResource(named.load("package", name)));
    // HAPI's own loader must find the same: it looks on the class path, where the package lies.
    NpmPackageValidationSupport hapi = new NpmPackageValidationSupport(fhir);
    hapi.loadPackageFromClasspath("classpath:" + file.getFileName());
    int found = hapi.fetchAllConformanceResources().size();
    int expected = own.fetchAllConformanceResources().size();
    if (found != expected) throw new IllegalStateException("HAPI found " + found + " of " + expected);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(one);
    }
  }

  private static void loadFolder(FhirContext fhir, Path definitions, PrePopulatedValidationSupport own)
      throws Exception {
    try (Stream<Path> files = Files.walk(definitions)) {
      List<Path> all = files.filter(Validate::isDefinition).sorted().toList();
      if (all.isEmpty()) throw new IllegalStateException("no definitions in " + definitions);
      for (Path file : all) own.addResource(read(fhir, file));
    }
  }

  private static boolean isDefinition(Path file) {
    return file.toString().endsWith(".json") && !file.toString().contains("examples");
  }

  private static IBaseResource read(FhirContext fhir, Path file) throws Exception {
    return fhir.newJsonParser().parseResource(Files.readString(file));
  }
}
