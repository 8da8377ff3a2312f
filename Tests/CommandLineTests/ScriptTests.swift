import Foundation
import TestSupport
import Testing

/// The scripts of `deploy/`, on a machine that lacks what they need.
@Suite("Scripts")
struct ScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs a script with nothing on the PATH but a shell's tools and `programs` that do what they are
  /// told here.
  private func run(
    _ script: String, _ arguments: String..., programs: [String: String] = [:],
    input: String? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    let tools = "sh bash dirname sed tail tr cut sleep sort uniq cat".split(separator: " ")
    for tool in tools where !Machine.fileExists(folder["bin/\(tool)"]) {
      try folder.write([], to: "bin/mark")
      #expect(Machine.run("ln", "-s", "/bin/\(tool)", folder["bin/\(tool)"]) == 0)
    }
    for (name, text) in programs {
      try folder.writeProgram("#!/bin/sh\n\(text)\n", to: "bin/\(name)")
    }
    let path = "\(MNIST.repositoryRoot)/deploy/\(script)"
    var call = [path] + arguments
    if let input {
      try folder.write(Array(input.utf8), to: "input")
      call = ["/bin/bash", "-c", "exec \"$@\" <input", "bash"] + call
    }
    let program = try RunningProgram(
      call[0], Array(call.dropFirst()), in: folder, environment: ["PATH": folder["bin"]])
    let status = try program.waitForEnd()
    return (status, program.output, program.errors)
  }

  @Test(
    "Everything that is missing is named at once, with one line that installs it",
    arguments: [
      ("check-model", "spin gcc", "spin gcc"),
      (
        "chaos", "python3 ip tc iptables unshare nsenter mount",
        "python3 iproute2 iptables util-linux mount"
      ),
      (
        "check-systemd", "python3 systemd-analyze unshare mount ip dpkg-deb",
        "python3 systemd util-linux mount iproute2 dpkg"
      ),
      ("check-tables", "python3 Rscript", "python3 r-base-core r-cran-rsqlite"),
      ("compare-trainers", "python3", "python3"), ("generate-wire", "protoc", "protobuf-compiler"),
      ("check-prometheus", "python3 prometheus promtool", "python3 prometheus"),
    ])
  func missing(script: String, programs: String, packages: String) throws {
    let run = try run(script)
    #expect(run.status == 1)
    #expect(
      run.errors
        == "deploy/\(script): missing: \(programs); as root: apt-get update && apt-get install "
        + "\(packages)\n")
  }

  @Test("A command that takes minutes is told of, and its status is kept")
  func progress() throws {
    let run = try run("with-progress", "log", "sh", "-c", "echo out; echo err >&2; exit 7")
    #expect(run.status == 7)
    #expect(run.output.isEmpty)
    #expect(try String(contentsOfFile: folder["log"], encoding: .utf8) == "out\nerr\n")
  }

  private static let closing =
    "Test run with 5 tests in 2 suites failed after 9.0 seconds with 1 issue."

  @Test("A test run is told in a line per suite, with its failures, its skips and what they need")
  func testLines() throws {
    let input = """
      [1/1] Compiling
      Test Suite 'All tests' started.
      ◇ Test run started.
      ◇ Suite "One" started.
      ◇ Test "passes" started.
      ✔ Test "passes" passed after 0.001 seconds.
      ✔ Test "passes often" with 3 test cases passed after 0.001 seconds.
      ✔ Suite "One" passed after 0.002 seconds.
      ➜ Test "opens" skipped: "needs the program chromium on the PATH"
      ➜ Test "cuts" skipped: "needs the program ip on the PATH"
      ✘ Test "fails" recorded an issue at A.swift:3:4: Expectation failed: a == b
      ↳ a is 1
      ✘ Test "fails" failed after 0.001 seconds with 1 issue.
      ✘ Suite "Two" failed after 0.001 seconds with 1 issue.
      ✘ \(Self.closing)
      """
    let run = try run("test-lines", "results", input: input + "\n")
    #expect(
      run.output == """
        ✔ Suite "One" passed after 0.002 seconds.
        ✘ Test "fails" recorded an issue at A.swift:3:4: Expectation failed: a == b
        ↳ a is 1
        ✘ Test "fails" failed after 0.001 seconds with 1 issue.
        ✘ Suite "Two" failed after 0.001 seconds with 1 issue.
        ✘ \(Self.closing)
        tests: 2 passed, 1 failed, 2 skipped
              1 needs the program ip on the PATH
              1 needs the program chromium on the PATH
        to run them: apt-get update && apt-get install iproute2 chromium

        """)
    #expect(try String(contentsOfFile: folder["results"], encoding: .utf8) == input + "\n")
    // A runner that dies has no closing line.
    let died = try self.run("test-lines", "results", input: "◇ Test run started.\n")
    #expect(died.status == 1)
    #expect(died.errors.contains("ended before their end"))
  }

  @Test("test-lines counts what stands on the unended last line of a program's output")
  func testLinesOfOneLine() throws {
    let run = try run(
      "test-lines", "results",
      input: """
        ✔ Suite "One" passed after 0.002 seconds.
        Is that what you want? yes✔ Test "a" passed after 0.1 seconds.✔ Test b() passed after 0.1 seconds.
        1 point waits✘ Test "c" failed after 0.001 seconds with 1 issue.
        ✘ \(Self.closing)

        """)
    #expect(run.output.contains("✘ Test \"c\" failed after 0.001 seconds with 1 issue.\n"))
    #expect(run.output.hasSuffix("tests: 2 passed, 1 failed, 0 skipped\n"))
  }
}
