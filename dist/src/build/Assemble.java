// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Puts the distribution together: {@code target/kvorum/} and the archive beside it.
 *
 * <p>It runs on the JDK that compiled the project, because that JDK, cut down by jlink, becomes the
 * distribution's runtime. The order matters: a start-up cache remembers the class path, the
 * modification times of its jars and the JVM's flags, so the times are fixed first, and the cache
 * is recorded by running the finished launchers.
 *
 * <p>Arguments: the module's folder, the version, the time stamp of all files.
 */
final class Assemble {
  private static final String SERVER_MAIN = "io.kvorum.server.bootstrap.EtcdMain";
  private static final String CLIENT_MAIN = "io.kvorum.ctl.EtcdctlMain";
  private static final String REHEARSAL_MAIN = "io.kvorum.ctl.Rehearsal";
  private static final String OFFLINE_MAIN = "io.kvorum.ctl.EtcdutlMain";

  /**
   * What jdeps finds in the libraries' used parts, and what they load by name: flight recorder and
   * management for operators, naming for DNS.
   */
  private static final String MODULES =
      "java.base,java.logging,java.management,java.naming,jdk.jfr,jdk.management,jdk.unsupported";

  /** Native halves that the packaged platform needs, by their name inside the jar. */
  private static final Map<String, String> NATIVES =
      Map.of(
          "librocksdbjni-linux64.so", "librocksdbjni.so",
          "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
              "libnetty_transport_native_epoll_x86_64.so");

  /** What makes {@code etcdctl3} of {@code etcdctl}. */
  private static final String VERSION_3 = "export ETCDCTL_API=${ETCDCTL_API:-3}\n";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path module;
  private final String version;
  private final FileTime stamp;
  private final Path home;
  private final Path lib;

  private Assemble(Path module, String version, Instant stamp) {
    this.module = module;
    this.version = version;
    this.stamp = FileTime.from(stamp);
    this.home = module.resolve("target/kvorum");
    this.lib = home.resolve("lib");
  }

  public static void main(String[] args) throws Exception {
    new Assemble(Path.of(args[0]), args[1], Instant.parse(args[2])).run();
  }

  private void run() throws Exception {
    var mark = module.resolve("target/assembled");
    var inputs = digestOfInputs();
    var archive =
        module.resolve("target/kvorum-" + version + "-linux-" + architecture() + ".tar.gz");
    if (Files.exists(mark) && Files.readString(mark).equals(inputs) && Files.exists(archive)) {
      Files.writeString(mark, inputs);
      return;
    }
    Files.deleteIfExists(mark);
    deleteTree(home);
    Files.createDirectories(lib.resolve("native"));
    linkRuntime();
    addProgram("etcd", "etcd", "server", SERVER_MAIN);
    addProgram("etcdctl", "etcdctl", "ctl", CLIENT_MAIN);
    addProgram("etcdctl3", "etcdctl", "ctl", CLIENT_MAIN);
    addProgram("etcdutl", "etcdctl", "ctl", OFFLINE_MAIN);
    copyInto(home.resolve("conf"), module.resolve("src/main/conf/etcd.conf"));
    for (var text : List.of("LICENSE", "NOTICE", "README.md", "CHANGELOG.md")) {
      copyInto(home, module.resolveSibling(text));
    }
    fixTimes();
    recordCaches();
    fixTimes();
    pack(archive);
    Files.writeString(mark, inputs);
  }

  // --- what goes in ------------------------------------------------------------------

  private void linkRuntime() {
    var arguments =
        new ArrayList<>(
            List.of(
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                home.resolve("runtime").toString()));
    if (!hasAotCache()) {
      arguments.add("--generate-cds-archive");
    }
    var jlink = ToolProvider.findFirst("jlink").orElseThrow();
    if (jlink.run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException("jlink failed: " + arguments);
    }
  }

  /** Copies the jars that a program's own jar names in its manifest, and writes its launcher. */
  private void addProgram(String name, String template, String part, String main)
      throws IOException {
    var own = "kvorum-" + part + "-" + version + ".jar";
    var names = new ArrayList<>(List.of(own));
    try (var jar = new JarFile(module.resolve("target/jars").resolve(own).toFile())) {
      var classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
      if (classPath != null) {
        names.addAll(List.of(classPath.split(" ", -1)));
      }
    }
    for (var jar : names) {
      addJar(module.resolve("target/jars").resolve(jar));
    }
    var classPath = String.join(":", names.stream().map(jar -> "$lib/" + jar).toList());
    var cache =
        hasAotCache()
            ? "\"${KVORUM_CACHE_OPTION--XX:AOTCache=$lib/"
                + template
                + ".aot}\" -Xlog:aot*=off,cds*=off"
            : "-Xshare:auto";
    var access =
        "--enable-native-access=ALL-UNNAMED"
            + (feature() >= 23 ? " --sun-misc-unsafe-memory-access=allow" : "");
    var text =
        Files.readString(module.resolve("src/main/bin").resolve(template))
            .replace("@PROLOGUE@\n", name.equals("etcdctl3") ? VERSION_3 : "")
            .replace("@CACHE@", cache)
            .replace("@ACCESS@", access)
            .replace("@CLASS_PATH@", classPath)
            .replace("@MAIN@", main);
    var launcher = home.resolve("bin").resolve(name);
    Files.createDirectories(launcher.getParent());
    Files.writeString(launcher, text);
    if (!launcher.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + launcher + " executable");
    }
  }

  /**
   * Copies a jar without the native libraries inside it; those of this platform go to {@code
   * lib/native}, so that no start unpacks them into the temporary folder.
   */
  private void addJar(Path source) throws IOException {
    var target = lib.resolve(source.getFileName());
    if (Files.exists(target)) {
      return;
    }
    try (var jar = new JarFile(source.toFile())) {
      if (jar.stream().noneMatch(entry -> isNative(entry.getName()))) {
        copyInto(lib, source);
        return;
      }
      try (var out = new JarOutputStream(Files.newOutputStream(target))) {
        for (var entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
          var bytes = jar.getInputStream(entry).readAllBytes();
          if (!isNative(entry.getName())) {
            var copy = new ZipEntry(entry.getName());
            copy.setLastModifiedTime(stamp);
            out.putNextEntry(copy);
            out.write(bytes);
          } else if (NATIVES.containsKey(entry.getName())) {
            Files.write(lib.resolve("native").resolve(NATIVES.get(entry.getName())), bytes);
          }
        }
      }
    }
  }

  private static boolean isNative(String name) {
    return name.endsWith(".so") || name.endsWith(".jnilib") || name.endsWith(".dll");
  }

  // --- start-up caches ---------------------------------------------------------------

  private void recordCaches() throws Exception {
    if (!hasAotCache()) {
      return;
    }
    if (!hasClass("server", SERVER_MAIN) || !hasClass("ctl", CLIENT_MAIN)) {
      System.out.println("A program has no main class yet: no start-up caches.");
      return;
    }
    var scratch = Files.createTempDirectory(module.resolve("target"), "training");
    var client = "http://127.0.0.1:" + freePort();
    var peer = "http://127.0.0.1:" + freePort();
    var member =
        program(
            "etcd",
            scratch,
            "-name=training",
            "-data-dir=" + scratch.resolve("data"),
            "-listen-client-urls=" + client,
            "-advertise-client-urls=" + client,
            "-listen-peer-urls=" + peer,
            "-initial-advertise-peer-urls=" + peer,
            "-initial-cluster=training=" + peer);
    try {
      awaitHealth(client, member, scratch);
      exercise(client);
      var endpoints = "--endpoints=" + client + " ";
      var command =
          program(
              "etcdctl",
              scratch,
              "2 " + endpoints + "set greeting hello",
              "3 " + endpoints + "put greeting hello",
              "3 " + endpoints + "get greeting",
              "3 " + endpoints + "get -w json greeting",
              "3 " + endpoints + "get --prefix greet",
              "3 " + endpoints + "del greeting");
      awaitEnd(command, "etcdctl", scratch);
    } finally {
      member.destroy();
      awaitEnd(member, "etcd", scratch);
    }
    for (var cache : List.of("etcd.aot", "etcdctl.aot")) {
      if (!Files.exists(lib.resolve(cache))) {
        throw new IllegalStateException("no " + cache + "; logs in " + scratch);
      }
    }
    deleteTree(scratch);
  }

  private Process program(String name, Path scratch, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(home.resolve("bin").resolve(name).toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(scratch.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("ETCD"));
    builder.environment().remove("KVORUM_JAVA_OPTS");
    builder
        .environment()
        .put("KVORUM_CACHE_OPTION", "-XX:AOTCacheOutput=" + lib.resolve(name + ".aot"));
    if (name.equals("etcdctl")) {
      builder.environment().put("KVORUM_MAIN", REHEARSAL_MAIN);
    }
    return builder
        .redirectErrorStream(true)
        .redirectOutput(scratch.resolve(name + ".log").toFile())
        .start();
  }

  private static void awaitHealth(String client, Process member, Path scratch) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (member.isAlive() && System.nanoTime() < end) {
      try {
        if (request("GET", client + "/health", "") == 200) {
          return;
        }
      } catch (IOException notYet) {
        // The port is not open yet.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException("the training member did not become healthy; see " + scratch);
  }

  /** A few rounds of everything that clients do most. */
  private static void exercise(String client) throws IOException {
    for (int round = 0; round < 50; round++) {
      request("PUT", client + "/v2/keys/training/" + round % 5, "value=" + round);
      request("GET", client + "/v2/keys/training?recursive=true", "");
      request("DELETE", client + "/v2/keys/training/" + (round + 1) % 5, "");
      request("GET", client + "/v2/keys/training/0?wait=true&waitIndex=1", "");
    }
    for (var path : List.of("/v2/members", "/version", "/v2/stats/self", "/v2/stats/leader")) {
      request("GET", client + path, "");
    }
  }

  private static int request(String method, String url, String form) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout((int) PATIENCE.toMillis());
    if (!form.isEmpty()) {
      connection.setDoOutput(true);
      try (OutputStream body = connection.getOutputStream()) {
        body.write(form.getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (body != null) {
        body.readAllBytes();
      }
    }
    return status;
  }

  private static void awaitEnd(Process process, String name, Path scratch) throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(name + " does not end; see " + scratch);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean hasClass(String part, String name) throws IOException {
    var jar = lib.resolve("kvorum-" + part + "-" + version + ".jar").toFile();
    try (var open = new JarFile(jar)) {
      return open.getEntry(name.replace('.', '/') + ".class") != null;
    }
  }

  // --- files -------------------------------------------------------------------------

  private void pack(Path archive) throws Exception {
    var command =
        List.of(
            "tar",
            "--create",
            "--file=" + archive,
            "--use-compress-program=gzip -n",
            "--directory=" + home.getParent(),
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--format=gnu",
            "--transform=s,^kvorum,"
                + archive.getFileName().toString().replace(".tar.gz", "")
                + ",S",
            "kvorum");
    var tar = new ProcessBuilder(command).inheritIO().start();
    if (tar.waitFor() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private void fixTimes() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!Files.isSymbolicLink(path)) {
          Files.setLastModifiedTime(path, stamp);
        }
      }
    }
  }

  private static void copyInto(Path folder, Path file) throws IOException {
    if (Files.exists(file)) {
      Files.createDirectories(folder);
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  /** One digest of everything that decides the result: same digest, nothing to do. */
  private String digestOfInputs() throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    digest.update(
        (System.getProperty("java.vm.version") + version + stamp).getBytes(StandardCharsets.UTF_8));
    for (var folder : List.of(module.resolve("src"), module.resolve("target/jars"))) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (var file : all.filter(Files::isRegularFile).sorted().toList()) {
          digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
          digest.update(Files.readAllBytes(file));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** JDK 25 is the first to record a cache in one run. */
  private static boolean hasAotCache() {
    return feature() >= 25;
  }

  private static int feature() {
    return Runtime.version().feature();
  }

  private static String architecture() {
    var name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }
}
