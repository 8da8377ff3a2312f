import Foundation
import Launch
import Platform
import TestSupport
import Testing

/// Against programs that are shell scripts: what they were called with, and what they answer.
@Suite("Slurm's programs")
struct SlurmProgramsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func programs(_ name: String, _ script: String, deadline: Duration = .seconds(60)) throws
    -> SlurmPrograms
  {
    try folder.writeProgram("#!/bin/sh\n\(script)\n", to: name)
    return SlurmPrograms(
      prefix: "vaesweep-s-1-",
      environment: [
        "PATH": folder.path + ":/usr/bin:/bin", "F": folder.path, "SLURM_JOB_ID": "7",
        "SLURM_CONF": "/c",
      ], deadline: deadline)
  }

  private let script = JobScript(
    binary: "/opt/vae sweep", arguments: ["--wait", "10m"], invitation: "vsi1.secret")
  private let token = SubmissionToken("abc")

  @Test("are given the script on standard input, and no secret as an argument")
  func submission() throws {
    let programs = try programs(
      "sbatch", "cat > $F/script; echo \"$*\" > $F/arguments; env > $F/environment; echo '42;c1'")
    let answer = programs.submit(token, script, ["-p", "main"])
    guard case .value(SlurmJobID(42)) = answer else {
      Issue.record("\(answer)")
      return
    }
    let arguments = try String(contentsOfFile: folder.path + "/arguments", encoding: .utf8)
    #expect(arguments == "--parsable --job-name=vaesweep-s-1-abc -p main\n")
    let text = try String(contentsOfFile: folder.path + "/script", encoding: .utf8)
    #expect(text.contains("VAESWEEP_JOIN=vsi1.secret\n"))
    #expect(text.contains("exec '/opt/vae sweep' worker --wait 10m </dev/null"))
    let environment = try String(contentsOfFile: folder.path + "/environment", encoding: .utf8)
    #expect(environment.contains("SLURM_CONF=/c"))
    #expect(!environment.contains("SLURM_JOB_ID"))
  }

  @Test(
    "that fail say no, or nothing that can be relied upon",
    arguments: [
      ("echo 'sbatch: error: invalid partition' >&2; exit 1", true),
      ("echo 'sbatch: error: Socket timed out on send/recv operation' >&2; exit 1", false),
      ("echo 'Unable to contact slurm controller (connect failure)' >&2; exit 1", false),
      ("echo done", false), ("sleep 600", false), ("exit 3", true),
    ])
  func failures(text: String, isCertain: Bool) throws {
    let programs = try programs(
      "sbatch", text, deadline: text.hasPrefix("sleep") ? .milliseconds(200) : .seconds(60))
    switch programs.submit(token, script, []) {
    case .value: #expect(Bool(false))
    case .refusal(let reason): #expect(isCertain && !reason.isEmpty)
    case .none(let reason): #expect(!isCertain && !reason.isEmpty)
    }
  }

  @Test("list the jobs of this launch with how they ended")
  func listing() throws {
    let programs = try programs(
      "squeue",
      """
      cat <<'END'
      7|RUNNING|0|None|n1|vaesweep-s-1-aa|
      8|PENDING|0|Priority||vaesweep-s-1-bb|
      9|FAILED|1792|NonZeroExitCode|n2|vaesweep-s-1-cc|
      10|FAILED|9|None|n2|vaesweep-s-1-dd|
      11|OUT_OF_MEMORY|0|OutOfMemory|n2|vaesweep-s-1-ee|
      12_3|RUNNING|0|None|n1|somebody's | job|
      END
      """)
    guard case .value(let jobs) = programs.list() else { return #expect(Bool(false)) }
    #expect(jobs.map(\.token.text) == ["aa", "bb", "cc", "dd", "ee"])
    #expect(
      jobs.map(\.state) == [
        .running, .waiting, .ended(.failed(status: 7)), .ended(.failed(status: nil)),
        .ended(.outOfMemory),
      ])
    #expect(jobs[1].reason == "Priority")
    #expect(jobs[0].node == "n1")
  }

  @Test("that print no list are not believed")
  func nonsense() throws {
    let programs = try programs("squeue", "echo 'slurm_load_jobs error'")
    guard case .none = programs.list() else { return #expect(Bool(false)) }
  }

  @Test("end a job; one that is not there any more has ended")
  func ending() throws {
    let gone = try programs("scancel", "echo 'scancel: error: Invalid job id 7' >&2; exit 1")
    #expect(gone.cancel(SlurmJobID(7)) == nil)
    let failing = try programs("scancel", "echo \"no: $*\" >&2; exit 1")
    #expect(failing.release(SlurmJobID(7)) == "no: --signal=TERM --batch 7")
  }

  @Test("that are not there are named")
  func missing() throws {
    let programs = SlurmPrograms(prefix: "p", environment: ["PATH": folder.path])
    guard case .refusal(let reason) = programs.test(script, []) else { return #expect(Bool(false)) }
    #expect(reason == "cannot run sbatch: no program of that name is on the PATH")
  }

  @Test(
    "get no option of their user that a launch sets itself",
    arguments: [
      ["--array=1-9"], ["-t", "10"], ["-t10"], ["--job-name", "x"], ["--wrap=ls"], ["-o", "f"],
    ])
  func reserved(options: [String]) {
    #expect(throws: SubmissionOptions.Refusal.self) {
      try SubmissionOptions(timeLimit: .seconds(60), log: JobLog(folder: "/l"), given: options)
    }
  }

  @Test(
    "get the time limit in whole minutes, and a warning before its end where there is time for one")
  func options() throws {
    let short = try SubmissionOptions(
      timeLimit: .seconds(61), log: JobLog(folder: "/l"), given: ["-p", "main"])
    #expect(
      short.arguments == [
        "--time=2", "--output=/l/%j.log", "--open-mode=append", "--no-requeue", "-p", "main",
      ])
    let long = try SubmissionOptions(
      timeLimit: .seconds(3600), log: JobLog(folder: "/l"), given: ["--requeue"])
    #expect(long.arguments.contains("--signal=B:TERM@60"))
    #expect(!long.arguments.contains("--no-requeue"))
  }
}
