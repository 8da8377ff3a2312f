import Launch
import Logging
import Platform

/// Carries out what a launch decides, one thing after the other, each within its deadline.
struct SlurmRun {
  private static let pause = Duration.milliseconds(500)
  /// In the last line of a worker that was told so.
  private static let done = "the sweep is complete"

  private var launch: SlurmLaunch
  private let programs: SlurmPrograms
  private var script: JobScript
  private let options: [String]
  private let log: JobLog
  private let contact: SweepContact
  private let stop: StopSignal
  private let logger = Logger.console()
  private let start = ContinuousClock.now
  private var events: [SlurmEvent] = []
  private var ending: SlurmEnding?
  /// Of completed jobs, whether their worker was told nothing of the sweep's end.
  private var handedBack: [SlurmJobID: Bool] = [:]
  /// What the coordinator said last.
  private(set) var lastStatus: SweepCounts?

  init(
    launch: SlurmLaunch, programs: SlurmPrograms, script: JobScript, options: [String], log: JobLog,
    contact: SweepContact, stop: StopSignal
  ) {
    self.launch = launch
    self.programs = programs
    self.script = script
    self.options = options
    self.log = log
    self.contact = contact
    self.stop = stop
  }

  mutating func run(inviting door: inout LaunchDoor) -> SlurmEnding {
    var isStopTold = false
    while true {
      if stop.isRequested, !isStopTold {
        isStopTold = true
        events.insert(.stopRequested, at: 0)
      }
      if events.isEmpty {
        // A stop that is being carried out wakes nobody any more.
        _ = stop.isRequested ? ownPause() : stop.wakeUp.wait(atMost: Self.pause)
        events.append(.tick)
      }
      let event = events.removeFirst()
      for effect in launch.handle(event, at: ContinuousClock.now - start) {
        perform(effect, &door)
      }
      if let ending { return ending }
    }
  }

  private func ownPause() -> Bool {
    guard let never = try? WakeUp() else { return false }
    return never.wait(atMost: Self.pause)
  }

  private mutating func perform(_ effect: SlurmEffect, _ door: inout LaunchDoor) {
    switch effect {
    case .askCoordinator: askCoordinator()
    case .askQueue:
      switch programs.list() {
      case .value(let jobs): events.append(.queue(jobs.map { withLog($0) }))
      case .refusal(let reason), .none(let reason): events.append(.queueFailed(reason))
      }
    case .submit(let token):
      do throws(CommandError) {
        script.invitation = try door.invitation(for: programs.prefix)
      } catch {
        return events.append(.hindered(token, error.description))
      }
      switch programs.submit(token, script, options) {
      case .value(let id): events.append(.submitted(token, id))
      case .refusal(let reason): events.append(.refused(token, reason))
      case .none(let reason): events.append(.unsure(token, reason))
      }
    case .release(let id):
      if let reason = programs.release(id) { events.append(.endingFailed(id, reason)) }
    case .cancel(let id):
      if let reason = programs.cancel(id) { events.append(.endingFailed(id, reason)) }
    case .say(let line, let id): say(line, logOf: id)
    case .end(let ending): self.ending = ending
    }
  }

  /// Slurm calls a job completed whose worker ended well; why it did stands in its log.
  private mutating func withLog(_ listed: ListedJob) -> ListedJob {
    guard listed.state == .ended(.completed) else { return listed }
    let hasHandedBack =
      handedBack[listed.id]
      ?? (log.lastLine(of: listed.id).map { !$0.contains(Self.done) } ?? false)
    handedBack[listed.id] = hasHandedBack
    var job = listed
    if hasHandedBack { job.state = .ended(.handedBack) }
    return job
  }

  private mutating func askCoordinator() {
    do throws(CommandError) {
      let answer = try contact.ask()
      lastStatus = answer.counts
      events.append(.demand(answer.demand))
    } catch {
      events.append(.silence(error.description))
    }
  }

  private func say(_ line: SlurmLine, logOf id: SlurmJobID?) {
    var text = line.text
    if let id {
      let last = log.lastLine(of: id).map { ": \($0)" } ?? ""
      text += " (\(log.path(of: id))\(last))"
    }
    switch line.level {
    case .info: logger.info("\(text)")
    case .warning: logger.warning("\(text)")
    }
  }
}
