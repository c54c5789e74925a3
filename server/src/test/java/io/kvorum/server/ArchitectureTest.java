// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The shape of docs/architecture.md, checked on the compiled classes: arrows between modules and
 * packages, fences around libraries, and who may touch real time, threads, chance and files.
 */
class ArchitectureTest {
  private static final String ROOT = "io.kvorum.";
  private static final String SERVER = "io.kvorum.server.";
  private static final int COLLABORATORS_MAX = 7;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.kvorum");

  private static final Arrows ARROWS = Arrows.ofTheServer();

  /** What each module may know of the others. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "base", Set.of(),
          "api", Set.of(),
          "env", Set.of("base"),
          "harness", Set.of("base", "env"),
          "bench", Set.of("base"),
          "raft", Set.of("base"),
          "ctl", Set.of("base", "api", "server"),
          "server", Set.of("base", "api", "env", "raft"));

  /** A library's package prefix, and the only places that may name it. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "io.vertx.", List.of("server.transport", "server.discovery", "server.bootstrap"),
          "io.netty.", List.of("server.transport", "server.discovery", "server.bootstrap"),
          "java.net.http.", List.of("server.discovery"),
          "org.rocksdb.", List.of("server.storage.engine"),
          "org.snakeyaml.", List.of("server.config"),
          "com.google.protobuf.", List.of("api", "server.transport.v3", "server.transport.gateway"),
          "org.slf4j.", List.of("server"),
          "org.pcollections.", List.of("server"),
          "com.nimbusds.", List.of("server.auth"));

  /** The only places that may touch what {@link #REALITY} lists. */
  private static final List<String> REAL_PLACES =
      List.of(
          "env", "server.storage", "server.bootstrap", "server.offline", "ctl", "harness", "bench");

  /** Calls that make a result depend on more than the inputs: time, threads, chance, files. */
  private static final Pattern REALITY =
      Pattern.compile(
          """
          java\\.lang\\.System\\.(currentTimeMillis|nanoTime)
          java\\.time\\.\\w+\\.now
          java\\.time\\.Clock\\.(system|tick)\\w*
          java\\.lang\\.Thread\\.(<init>|ofVirtual|ofPlatform|startVirtualThread|sleep)
          java\\.util\\.(Timer|Random|SplittableRandom)\\.<init>
          java\\.util\\.UUID\\.randomUUID
          java\\.lang\\.Math\\.random
          java\\.security\\.SecureRandom\\.<init>
          java\\.util\\.concurrent\\.(Executors|ThreadLocalRandom)\\.\\w+
          java\\.util\\.concurrent\\.ForkJoinPool\\.commonPool
          java\\.util\\.concurrent\\.CompletableFuture\\.(orTimeout|completeOnTimeout)
          java\\.util\\.concurrent\\.CompletableFuture\\.delayedExecutor
          java\\.nio\\.file\\.Files\\.\\w+
          java\\.nio\\.channels\\.FileChannel\\.open
          java\\.io\\.(FileInputStream|FileOutputStream|FileReader|FileWriter)\\.<init>
          java\\.io\\.RandomAccessFile\\.<init>
          """
              .strip()
              .replace("\n", "|"));

  @Test
  void thereAreClassesToJudge() {
    for (var module : List.of("base", "api", "env", "raft", "server")) {
      assertTrue(CLASSES.stream().anyMatch(type -> isIn(type, module)), "no class in " + module);
    }
    assertTrue(dependencies().anyMatch(arrow -> isIn(arrow.getTargetClass(), "base")));
  }

  @Test
  void aModuleKnowsOnlyTheModulesItMay() {
    assertNone(
        "arrows between modules that docs/architecture.md does not have",
        dependencies()
            .filter(arrow -> isOurs(arrow.getTargetClass()))
            .filter(
                arrow -> {
                  var from = module(arrow.getOriginClass());
                  var to = module(arrow.getTargetClass());
                  return !from.equals(to) && !MODULES.getOrDefault(from, Set.of()).contains(to);
                })
            .map(Dependency::getDescription));
  }

  @Test
  void everyPackageOfTheServerHasARowInTheTable() {
    assertNone(
        "classes of the server outside the table's packages",
        CLASSES.stream()
            .filter(type -> isIn(type, "server"))
            .filter(type -> row(type).isEmpty())
            .map(JavaClass::getName));
  }

  @Test
  void aPackageUsesOnlyWhatItsRowAllows() {
    assertNone(
        "arrows between packages that docs/architecture.md does not have",
        dependencies()
            .filter(arrow -> isIn(arrow.getOriginClass(), "server"))
            .filter(arrow -> !isAllowed(arrow))
            .map(Dependency::getDescription));
  }

  private static boolean isAllowed(Dependency arrow) {
    var to =
        Stream.of("raft", "api")
            .filter(module -> isIn(arrow.getTargetClass(), module))
            .findFirst()
            .or(() -> row(arrow.getTargetClass()));
    var from = row(arrow.getOriginClass());
    return to.isEmpty() || from.isEmpty() || ARROWS.allows(from.get(), to.get());
  }

  @Test
  void theTableHasNoCycle() {
    assertEquals(Optional.empty(), ARROWS.cycle());
  }

  @Test
  void aCycleInATableIsFound() {
    var circle = Arrows.parse("a | b\nb | c\nc | a\n");
    assertEquals(Optional.of(List.of("a", "b", "c")), circle.cycle());
    assertFalse(circle.allows("b", "a"));
    assertEquals(Optional.of("a"), circle.rowOf("a.deep.below"));
    assertEquals(Optional.empty(), circle.rowOf("d"));
  }

  @Test
  void applySeesOfConsensusOnlyInterfacesAndValues() {
    assertNone(
        "classes of consensus that apply reaches for",
        dependencies()
            .filter(arrow -> isIn(arrow.getOriginClass(), "server.apply"))
            .filter(arrow -> isIn(arrow.getTargetClass(), "server.consensus"))
            .filter(arrow -> !isInterfaceOrValue(arrow.getTargetClass()))
            .map(Dependency::getDescription));
  }

  private static boolean isInterfaceOrValue(JavaClass type) {
    return type.isInterface() || type.isRecord() || type.isEnum();
  }

  @Test
  void aLibraryStaysBehindItsFence() {
    LIBRARIES.forEach(
        (library, places) ->
            assertNone(
                library + " outside " + places,
                dependencies()
                    .filter(arrow -> arrow.getTargetClass().getName().startsWith(library))
                    .filter(arrow -> !isInAny(arrow.getOriginClass(), places))
                    .map(Dependency::getDescription)));
  }

  @Test
  void timeThreadsChanceAndFilesComeThroughTheSeams() {
    assertNone(
        "calls that belong behind a seam of env",
        CLASSES.stream()
            .filter(type -> !isInAny(type, REAL_PLACES))
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .filter(ArchitectureTest::touchesReality)
            .map(JavaAccess::getDescription));
  }

  private static boolean touchesReality(JavaAccess<?> access) {
    var target = access.getTargetOwner().getName() + "." + access.getName();
    return REALITY.matcher(target).matches();
  }

  @Test
  void noConstructorTakesMoreThanSevenCollaborators() {
    assertNone(
        "constructors that hide a missing concept",
        CLASSES.stream()
            .filter(type -> !type.isRecord() && !type.isEnum())
            .flatMap(type -> type.getConstructors().stream())
            .filter(made -> collaborators(made) > COLLABORATORS_MAX)
            .map(made -> made.getFullName()));
  }

  /** Parameters that do something; values and what the JDK offers are not counted. */
  private static long collaborators(JavaConstructor made) {
    return made.getRawParameterTypes().stream()
        .filter(type -> !type.isPrimitive() && !type.isRecord() && !type.isEnum())
        .filter(type -> !type.getName().startsWith("java.") && !type.isArray())
        .count();
  }

  private static Stream<Dependency> dependencies() {
    return CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
  }

  private static Optional<String> row(JavaClass type) {
    return type.getPackageName().startsWith(SERVER)
        ? ARROWS.rowOf(type.getPackageName().substring(SERVER.length()))
        : Optional.empty();
  }

  private static String module(JavaClass type) {
    var name = type.getPackageName().substring(ROOT.length());
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(ROOT);
  }

  private static boolean isIn(JavaClass type, String place) {
    return (type.getPackageName() + ".").startsWith(ROOT + place + ".");
  }

  private static boolean isInAny(JavaClass type, List<String> places) {
    return places.stream().anyMatch(place -> isIn(type, place));
  }

  private static void assertNone(String what, Stream<String> found) {
    var lines = new TreeSet<>(found.toList());
    if (!lines.isEmpty()) {
      fail(what + ":\n" + String.join("\n", lines));
    }
  }
}
