import Foundation
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
  /// Exactly one line on standard error, nothing on standard output, nothing left behind.
  private func expectRefusal(
    _ program: Program, _ arguments: [String], status: Int32 = 2, saying text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = program.folder.names()
    let run = try RunningProgram(
      Program.path, arguments, in: program.folder, environment: program.environment)
    #expect(try run.waitForEnd() == status, "\(run.errors)", sourceLocation: sourceLocation)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.hasPrefix("vaesweep: "), sourceLocation: sourceLocation)
    #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    let created = Set(program.folder.names()).subtracting(before).subtracting(["cache"])
    #expect(created.isEmpty, sourceLocation: sourceLocation)
  }

  @Test(
    "in a sweep file is one line with file, line and key, and status 2",
    arguments: [
      ("name: [", "bad.yaml:"), ("name: x\ngrit: {}\n", "bad.yaml:2: grit"),
      ("name: x\ngrid: {architecture: [], seed: 0}\n", "bad.yaml:2: architecture"),
      ("name: x\ngrid: {architecture: 784-256-2, seed: 9..0}\n", "bad.yaml:2: seed"),
      ("name: x\ngrid: {architecture: 784-0-2, seed: 0}\n", "bad.yaml:2: architecture"),
      (
        "name: x\ngrid: {architecture: 784-256-2, seed: 0}\ntrain:\n  epochs: soon\n",
        "bad.yaml:4: epochs"
      ),
    ])
  func sweepFile(text: String, expected: String) throws {
    let program = try Program()
    try program.folder.write(Array(text.utf8), to: "bad.yaml")
    for command in ["run", "plan"] {
      try expectRefusal(program, [command, "bad.yaml"], saying: expected)
    }
    try expectRefusal(
      program, ["coordinator", "bad.yaml", "--store", "s.sqlite"], saying: expected)
  }

  @Test("on the command line is one line and status 2")
  func options() throws {
    let program = try Program()
    let sweep = try program.writeSweep()
    try expectRefusal(program, ["run", "nowhere.yaml"], saying: "nowhere.yaml")
    try expectRefusal(program, ["run"], saying: "sweep")
    try expectRefusal(program, ["fly"], saying: "fly")
    let launch = ["launch", "slurm", "--connect", "tcp://127.0.0.1:5757"]
    try expectRefusal(program, launch + ["--time-limit", "10s"], saying: "--time-limit 10s")
    try expectRefusal(program, launch + ["--slots", "none"], saying: "--slots none")
    try expectRefusal(program, launch + ["--", "--array=1-9"], saying: "--array=1-9 behind the --")
    try expectRefusal(
      program, ["launch", "slurm", "--connect", "tcp://*:5757"], saying: "tcp://HOST:5757")
    try expectRefusal(
      program, ["run", sweep, "--report", sweep], saying: "\(sweep) is a file; a report is a folder"
    )
    try expectRefusal(
      program, ["report", "s.sqlite", "--out", sweep], saying: "\(sweep) is a file")
    try expectRefusal(
      program, ["summary", "s.sqlite", "--threshold", "-1"],
      saying: "out of range: it must be a number, above 0")
    try expectRefusal(
      program, ["summary", "s.sqlite", "--by", "colour"], saying: "vaesweep: --by: colour is not")
    try expectRefusal(program, ["run", sweep, "--workers", "0"], saying: "from 1 to 4096")
    try expectRefusal(program, ["run", sweep, "--workers", "many"], saying: "many")
    try expectRefusal(
      program, ["worker", "--connect", "somewhere"], saying: "'somewhere' is not an endpoint")
    try expectRefusal(
      program, ["worker", "--connect", "tcp://192.0.2.1:5757"], saying: "--server-key")
    try expectRefusal(
      program, ["worker", "--connect", "tcp://127.0.0.1:1", "--wait", "soon"], saying: "soon")
    try expectRefusal(
      program, ["train", "--architecture", "784-2", "--seed", "0"], saying: "architecture")
    try expectRefusal(
      program, ["train", "--architecture", "784-16-2", "--seed", "0", "--rho", "0.5"],
      saying: "it does not apply to adam")
    try expectRefusal(
      program, ["train", "--architecture", "784-16-2", "--seed", "-1"], saying: "seed")
    #if arch(x86_64)
      for core in ["generic", "bulldozer", "x"] {
        try expectRefusal(program, ["run", sweep, "--blas-core", core], saying: core)
      }
    #endif
    try expectRefusal(program, ["status"], saying: "--connect")
    try expectRefusal(program, ["summary", "nowhere.sqlite"], saying: "nowhere.sqlite")
    try expectRefusal(program, ["export", "nowhere.sqlite"], saying: "nowhere.sqlite")
    try expectRefusal(program, ["data", "info", "minst"], saying: "minst")
  }

  @Test("in a dataset is one line and status 2")
  func dataset() throws {
    let program = try Program()
    let sweep = try program.writeSweep()
    let magic: [UInt8] = [0, 0, 8, 9, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28]
    for name in ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"] {
      try program.folder.write(magic, to: "wrong/\(name)")
    }
    for name in ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"] {
      try program.folder.write([0, 0, 8, 1, 0, 0, 0, 1, 3], to: "wrong/\(name)")
    }
    try program.folder.write(Array(magic.prefix(5)), to: "short/train-images-idx3-ubyte")
    try expectRefusal(program, ["run", sweep, "--dataset", "./empty"], saying: "empty")
    try program.folder.write(
      Array("name: x\ndataset: ./empty\ngrid: {architecture: 784-16-2, seed: 0}\n".utf8),
      to: "named.yaml")
    try expectRefusal(program, ["run", "named.yaml"], saying: "vaesweep: named.yaml: dataset: ")
    try expectRefusal(
      program, ["run", sweep, "--dataset", "./wrong"], saying: "expected 0x00000803")
    try expectRefusal(program, ["run", sweep, "--dataset", "./short"], saying: "short")
    try expectRefusal(
      program, ["data", "info", "mnist", "--data", "./short"], saying: "train-labels")
    for command in [["run", sweep], ["data", "fetch", "mnist"], ["data", "info", "digits"]] {
      try expectRefusal(program, command + ["--data", "./nowhere"], saying: "no such folder")
    }
    try expectRefusal(
      program, ["worker", "--connect", "tcp://127.0.0.1:1", "--data", "./nowhere"],
      saying: "no such folder")
  }

  @Test("in a store is one line and status 2, and the file stays as it was")
  func store() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    try program.folder.write(Array("not a database at all, but long enough".utf8), to: "text.db")
    try StoreMaker.make(
      program.folder["other.db"], "PRAGMA application_id = 42; CREATE TABLE t (x);")
    #expect(try program.run("run", sweep).status == 0)
    try StoreMaker.copy(
      program.folder["small.sqlite"], program.folder["newer.db"],
      "DROP VIEW failed; PRAGMA user_version = 99")
    try StoreMaker.copy(
      program.folder["small.sqlite"], program.folder["damaged.db"],
      "UPDATE outcomes SET host = 'elsewhere'")
    for (name, text) in [
      ("text.db", "text.db"), ("other.db", "another program"), ("newer.db", "newer"),
      ("damaged.db", "a row of outcomes differs from what was stored"),
    ] {
      let bytes = try Data(contentsOf: URL(filePath: program.folder[name]))
      try expectRefusal(program, ["run", sweep, "--store", name], saying: text)
      try expectRefusal(program, ["summary", name], saying: text)
      #expect(try Data(contentsOf: URL(filePath: program.folder[name])) == bytes)
    }
    let other = try program.writeSweep("other", seeds: "0")
    try expectRefusal(
      program, ["run", other, "--store", "small.sqlite", "--dataset", "digits:1000:300"],
      saying: "its outcomes are of the dataset")
  }

  @Test("a limit beyond the training images is refused, or where other points are left, said")
  func limits() throws {
    let program = try Program()
    let wrong = try program.writeSweep("wrong", seeds: "0", extra: "  limit: [99999999, 88888888]")
    for command in ["run", "plan"] {
      try expectRefusal(program, [command, wrong], saying: "limit: 88888888 is not accepted")
    }
    let partly = try program.writeSweep("partly", seeds: "0", extra: "  limit: [100, 99999999]")
    let planned = try program.run("plan", partly)
    #expect(planned.status == 0)
    #expect(planned.errors.contains("limit: 99999999 is not accepted"), "\(planned.errors)")
  }

  @Test("a value that shows as wrong only beside others is told with the line or the option of it")
  func places() throws {
    let program = try Program()
    let head =
      "name: x\ndataset: digits:200:100\ngrid:\n  architecture: [784-8-2, 784-16-2]\n  seed: 0\n"
    for (name, text, expected) in [
      ("epoch", "train:\n  epochs: 3\n  perturb: 5@9\n", "8: perturb: 5@9 is not accepted"),
      ("weight", "train:\n  perturb: 12544@0\n", "7: perturb: 12544@0 is not accepted"),
      (
        "axis", "  perturb:\n    - 99999999@0\n    - 3@77\n",
        "7: perturb: 99999999@0 is not accepted"
      ),
      ("limit", "  limit:\n    - 999\n    - 888\n", "8: limit: 888 is not accepted"),
    ] {
      try program.folder.write(Array((head + text).utf8), to: "\(name).yaml")
      for command in ["run", "plan"] {
        try expectRefusal(
          program, [command, "\(name).yaml"], saying: "vaesweep: \(name).yaml:\(expected)")
      }
    }
    let partly = try program.folder.write(
      Array((head + "  perturb: [none,\n    6272@0]\n").utf8), to: "partly.yaml")
    let planned = try program.run("plan", partly)
    #expect(planned.status == 0)
    #expect(
      planned.errors.contains("partly.yaml:7: warning: perturb: 6272@0 is not accepted"),
      "\(planned.errors)")
    try program.folder.write(Array(head.utf8), to: "plain.yaml")
    for value in ["train.perturb=99999999@0", "train.limit=999"] {
      try expectRefusal(
        program, ["plan", "plain.yaml", "--set", value], saying: "vaesweep: --set \(value): ")
    }
  }

  @Test("a report's folder that cannot be made is refused before anything is trained")
  func reportFolder() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    for (folder, text) in [
      ("/proc/nothing/there", "cannot make the folder /proc/nothing: "),
      ("/dev/null/x", "cannot make the folder /dev/null: /dev/null is not a folder"),
    ] {
      try expectRefusal(program, ["run", sweep, "--report", folder], saying: text)
    }
    #expect(!program.folder.names().contains("small.sqlite"))
    #expect(try program.run("run", sweep).status == 0)
    try expectRefusal(
      program, ["report", "small.sqlite", "--out", "/proc/nothing"], saying: "name another")
  }

  @Test("a sweep in a store that this version cannot read is named, and the others are told")
  func unreadableSweep() throws {
    let program = try Program()
    #expect(try program.run("run", try program.writeSweep(seeds: "0")).status == 0)
    // Version 2 bore no seals.
    try StoreMaker.copy(
      program.folder["small.sqlite"], program.folder["old.db"],
      """
      ALTER TABLE store DROP COLUMN schema_seal;
      PRAGMA user_version = 2;
      INSERT INTO sweeps (name, dataset, definition_digest, yaml, registered_at)
      VALUES ('later', 'digits', '\(String(repeating: "e", count: 64))', 'quantum: yes', 1);
      """)
    let runs = [
      try program.run("summary", "old.db"), try program.run("status", "--store", "old.db"),
      try program.run("report", "old.db", "--out", "page"),
    ]
    for told in runs {
      #expect(told.status == 0, "\(told.errors)")
      #expect(told.errors.contains("left out: old.db: sweep later:1: quantum"), "\(told.errors)")
      #expect(told.errors.components(separatedBy: "left out").count == 2, "\(told.errors)")
    }
  }

  @Test("a port in use and a store in use are one line")
  func inUse() throws {
    let program = try Program()
    let sweep = try program.writeSweep()
    let first = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: first)
    let second = try program.run(
      "coordinator", sweep, "--store", "t.sqlite", "--bind", endpoint)
    #expect(second.status == 1)
    #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
    #expect(second.errors.contains("in use"), "\(second.errors)")
    try expectRefusal(
      program, ["coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*"],
      saying: "s.sqlite")
    first.send(SIGTERM)
    #expect(try first.waitForEnd() == 130)
  }

  @Test("a worker whose coordinator never comes ends with 1 after its wait")
  func noCoordinator() throws {
    let program = try Program()
    let port = try FreePort.find()
    let worker = try program.run(
      "worker", "--connect", "tcp://127.0.0.1:\(port)", "--wait", "3s", "--slots", "1")
    #expect(worker.status == 1)
    #expect(worker.errors.contains("waiting up to 3s for a coordinator to answer"))
    let last = worker.errors.split(separator: "\n").last
    #expect(
      last?.hasPrefix(
        "vaesweep: no coordinator answered within 3s; nothing listens at tcp://127.0.0.1:\(port)")
        == true, "\(worker.errors)")
  }

  @Test("what the machine or the network fails at is status 1, one line")
  func machineFailures() throws {
    var program = try Program()
    let sweep = try program.writeSweep()
    program.environment["VAESWEEP_MIRROR"] = "http://127.0.0.1:1"
    let fetch = try program.run("data", "fetch", "mnist")
    #expect(fetch.status == 1)
    #expect(fetch.errors.contains("vaesweep: fetching mnist: "), "\(fetch.errors)")
    program.environment["XDG_CACHE_HOME"] = "/proc/none"
    try expectRefusal(program, ["run", sweep], status: 1, saying: "XDG_CACHE_HOME")
  }

  @Test("more slots than cores are a warning")
  func manySlots() throws {
    let program = try Program()
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let worker = try program.run(
      "worker", "--connect", "tcp://127.0.0.1:1", "--wait", "1s", "--slots", "\(cores + 1)")
    #expect(worker.errors.contains("\(cores + 1) slots on "), "\(worker.errors)")
  }

  @Test("a dataset with one test image is refused before anything is trained")
  func oneTestImage() throws {
    let program = try Program()
    let sweep = try program.folder.write(
      Array("name: x\ndataset: digits:10:1\ngrid: {architecture: 784-3-2, seed: 0}\n".utf8),
      to: "one.yaml")
    for command in [
      ["run", sweep], ["plan", sweep], ["data", "info", "digits:10:1"],
      ["train", "--dataset", "digits:10:1", "--architecture", "784-3-2", "--seed", "1"],
      ["bench", "trainer", "--dataset", "digits:10:1"],
    ] {
      let run = try program.run(command)
      #expect(run.status == 2, "\(command): \(run.errors)")
      #expect(run.errors.contains("at least two"), "\(command): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(command): \(run.errors)")
    }
    #expect(!program.folder.names().contains("x.sqlite"))
  }
}
