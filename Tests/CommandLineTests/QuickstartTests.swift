import Foundation
import TestSupport
import Testing

@Suite("deploy/quickstart")
struct QuickstartTests {
  /// The script with a build that is done at once, and a sweep that only tells its options.
  private func quickstart(_ program: Program, _ arguments: [String]) throws
    -> (status: Int32, output: String, errors: String)
  {
    let swift = """
      #!/bin/sh
      case "$*" in
        --version) echo "Swift version 6.1.0" ;;
        *--show-bin-path) echo '\(program.folder["bin"])' ;;
      esac
      """
    let vaesweep = """
      #!/bin/sh
      case $1 in
        run) echo "in $PWD: $*" ;;
        *) exec '\(Program.path)' "$@" ;;
      esac
      """
    for (name, text) in [("swift", swift), ("vaesweep", vaesweep)] {
      try program.folder.writeProgram(text, to: "bin/\(name)")
    }
    try program.folder.write([], to: "tmp/mark")
    var environment = program.environment
    environment["PATH"] = "\(program.folder["bin"]):\(Machine.environment["PATH"] ?? "")"
    environment["TMPDIR"] = program.folder["tmp"]
    environment["VAESWEEP_MIRROR"] = "http://127.0.0.1:1"
    let run = try RunningProgram(
      "\(MNIST.repositoryRoot)/deploy/quickstart", arguments, in: program.folder,
      environment: environment)
    let status = try run.waitForEnd()
    #expect(program.folder.names(in: "tmp") == ["mark"])
    return (status, run.output, run.errors)
  }

  @Test("keeps the built-in digits in a store of their own")
  func digits() throws {
    let program = try Program()
    let run = try quickstart(program, [])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("using the built-in digits instead: their figures differ"))
    // Why it could not be fetched, each source by its address.
    #expect(run.errors.contains("MNIST is not here and cannot be fetched: fetching mnist: http://"))
    #expect(run.output.hasSuffix("--dataset digits --store quickstart-digits.sqlite\n"))
    #expect(run.output.contains(" --report quickstart-report "))
    let named = try quickstart(program, ["--store", "mine.sqlite"])
    #expect(named.output.hasSuffix("--store mine.sqlite --dataset digits\n"))
  }

  @Test("takes a folder relative to where it is called", Requirement.mnist)
  func relativeFolder() throws {
    let program = try Program()
    let folder = try #require(MNIST.folder)
    #expect(Machine.run("ln", "-s", folder, program.folder["data"]) == 0)
    let run = try quickstart(program, ["--data", "data"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("in \(program.folder.path): run "))
    #expect(
      run.output.hasSuffix("/sweeps/quickstart.yaml --report quickstart-report --data data\n"))
  }

  @Test("says that a folder is not there and does not make it")
  func noFolder() throws {
    let program = try Program()
    let run = try quickstart(program, ["--data", "nowhere"])
    #expect(run.status == 2)
    #expect(run.errors.contains("nowhere: no such folder"))
    #expect(!program.folder.names().contains("nowhere"))
  }
}
