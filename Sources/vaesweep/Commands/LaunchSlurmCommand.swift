import ArgumentParser
import Foundation
import Launch
import Platform
import Sweep
import ZeroMQ

struct LaunchSlurmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Keep as many worker jobs in Slurm's queue as the sweep can use.",
    discussion: """
      Behind -- stand options of sbatch, such as -p PARTITION -c 16. A test of them goes first. Then jobs \
      are submitted while points wait, never more than can still be useful; a worker that has nothing to \
      do is released. What the scheduler ends (a time limit, another job that goes first, a node that \
      fails) counts against no point: it goes on elsewhere from its checkpoint.

      Start it beside the coordinator, with the same folder of keys: it makes the invitation for its \
      workers itself. When nothing is missing any more it ends, with 3 where a point is failed or \
      cancelled. Ctrl-C has every worker hand back what it holds, and ends the jobs; with --detach they \
      stay. Started again with the same --connect it finds its jobs by their names.
      """)

  @Option(help: "Where the coordinator listens, as the nodes reach it: tcp://HOST:5757.")
  var connect: String
  @Option(
    parsing: .unconditional, help: "Jobs that wait in the queue at once.",
    transform: NumberOption.whole(1...1000)) var backlog = 2
  @Option(
    parsing: .unconditional, help: "Jobs at once, waiting and running.",
    transform: NumberOption.whole(1...10_000)) var maxJobs = 20
  @Option(
    parsing: .unconditional, help: "Time limit of a job: 30m, 4h, 2d.", transform: Patience.read)
  var timeLimit = Patience(.seconds(3600))
  @Option(
    parsing: .unconditional,
    help: "Release a worker that has had nothing to do for this long: 30s, 5m.",
    transform: Patience.read) var idle = Patience(.seconds(300))
  @Option(help: "Points that a worker trains at once, or auto: one per core that its job has.")
  var slots = "auto"
  @Option(
    help: ArgumentHelp("The program on the nodes (default: this one's path).", valueName: "file"))
  var binary: String?
  @Option(
    help: ArgumentHelp(
      "Folder for the jobs' logs, which the nodes must see too.",
      valueName: "dir"))
  var logs = "vaesweep-slurm"
  @Option(
    parsing: .unconditional,
    help: "How long to wait for a coordinator that is not there, or not any more: 30s, 10m.",
    transform: Patience.read)
  var wait = Patience(.seconds(600))
  @Flag(help: "On Ctrl-C leave the jobs in the queue and at work.") var detach = false
  @Option(
    help: ArgumentHelp(
      "An invitation for the workers, where this is not the coordinator's host (else made here).",
      valueName: "invitation|@file"))
  var join: String?
  @OptionGroup var operatorOptions: OperatorOptions
  @Option(help: .private, transform: Patience.read) var poll: Patience?
  @Option(help: .private, transform: Patience.read) var deadline = Patience(.seconds(30))
  @Argument(parsing: .postTerminator, help: "Options of sbatch, behind --.") var options: [String] =
    []

  func run() throws {
    let slotCount = try parsedSlots()
    guard timeLimit.duration >= .seconds(60), timeLimit.duration <= .seconds(365 * 86_400) else {
      throw CommandError.badInput("--time-limit \(timeLimit): it must be from 1m to 365d")
    }
    let program = try parsedBinary()
    let endpoint = try EndpointOption.parseReachable(
      connect, option: "--connect", by: "the nodes")
    let (log, submission) = try prepareSubmission()
    let stop = try StopSignal()
    Signals.request(stop)
    var door = try LaunchDoor(endpoint, asGiven: connect, operatorOptions, join: join)
    let first = try SweepContact(door: door, stop: stop).first(within: wait.duration)
    guard let first else { throw CommandError(.interrupted, nil) }
    var settings = SlurmSettings(seed: .random(in: 0 ... .max))
    settings.backlog = backlog
    settings.maxJobs = maxJobs
    settings.slots = slotCount
    settings.idle = idle.duration
    settings.detaches = detach
    settings.coordinatorPatience = wait.duration
    if let poll {
      settings.queueEvery = poll.duration
      settings.demandEvery = poll.duration
    }
    let programs = SlurmPrograms(
      prefix: Self.prefix(sweep: first.sweep, endpoint: connect),
      environment: ProcessInfo.processInfo.environment, deadline: deadline.duration, stop: stop)
    let script = JobScript(
      binary: program,
      arguments: (slotCount.map { ["--slots", "\($0)"] } ?? []) + ["--wait", "\(wait)"]
        + door.workerArguments)
    try Self.test(programs, script, submission)
    var run = SlurmRun(
      launch: SlurmLaunch(settings: settings), programs: programs, script: script,
      options: submission.arguments, log: log, contact: SweepContact(door: door, stop: stop),
      stop: stop)
    let ending = run.run(inviting: &door)
    if !detach || ending != .stopped { door.close() }
    try Self.tell(ending, run.lastStatus)
  }

  private func parsedSlots() throws(CommandError) -> Int? {
    if slots == "auto" { return nil }
    guard let count = Int(slots), (1...4096).contains(count) else {
      throw .badInput("--slots \(slots): it must be auto or a whole number from 1 to 4096")
    }
    return count
  }

  private func parsedBinary() throws(CommandError) -> String {
    guard let binary else { return ThisProgram.path }
    guard binary.hasPrefix("/") else {
      throw .badInput("--binary \(binary): give the whole path, which is the same on every node")
    }
    return binary
  }

  private func prepareSubmission() throws(CommandError) -> (JobLog, SubmissionOptions) {
    do throws(SubmissionOptions.Refusal) {
      try SubmissionOptions.check(options)
    } catch {
      throw .badInput(error)
    }
    let log = try openLogs()
    do throws(SubmissionOptions.Refusal) {
      return (
        log, try SubmissionOptions(timeLimit: timeLimit.duration, log: log, given: options)
      )
    } catch {
      throw .badInput(error)
    }
  }

  private func openLogs() throws(CommandError) -> JobLog {
    do throws(SystemError) {
      try Folder.make(logs)
    } catch {
      throw .badInput("--logs: \(error)")
    }
    guard let path = Path.real(logs), !path.contains("%") else {
      throw .badInput("--logs \(logs): sbatch cannot write there: give another folder")
    }
    return JobLog(folder: path)
  }

  /// Begins the names of its jobs: the same after a restart, and another one for another coordinator.
  static func prefix(sweep: String, endpoint: String) -> String {
    let name = String(
      sweep.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.prefix(24))
    // FNV-1a.
    let hash = endpoint.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return "vaesweep-\(name)-\(String(hash, radix: 16))-"
  }

  /// A refusal now is bad input; what gives no answer now is waited for later.
  private static func test(
    _ programs: SlurmPrograms, _ script: JobScript, _ submission: SubmissionOptions
  ) throws(CommandError) {
    switch programs.test(script, submission.arguments) {
    case .value: break
    case .refusal(let reason): throw .badInput("sbatch would not take such a job: \(reason)")
    case .none(let reason): Console.say("sbatch could not be asked beforehand (\(reason))")
    }
  }

  private static func tell(_ ending: SlurmEnding, _ status: SweepCounts?) throws(CommandError) {
    switch ending {
    case .complete:
      let unsettled = (status?.failed ?? 0) + (status?.cancelled ?? 0)
      Console.say(
        "the sweep is complete" + (unsettled > 0 ? ", with failed or cancelled points" : ""))
      if unsettled > 0 { throw CommandError(.failedPoints, nil) }
    case .workersEnded:
      Console.say(
        "the coordinator has ended, and its workers with it: 'vaesweep status --store FILE' tells how"
      )
    case .stopped: throw CommandError(.interrupted, nil)
    case .coordinatorGone(let reason):
      throw .failure("the coordinator has not answered for too long: \(reason)")
    }
  }
}
