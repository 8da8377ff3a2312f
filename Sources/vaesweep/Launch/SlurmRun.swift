import Launch
import Logging
import Platform

/// Carries out what a launch decides, one thing after the other, each within its deadline.
struct SlurmRun {
  private static let pause = Duration.milliseconds(500)

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

  mutating func run(inviting door: inout LaunchDoor) throws(CommandError) -> SlurmEnding {
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
        try perform(effect, &door)
      }
      if let ending { return ending }
    }
  }

  private func ownPause() -> Bool {
    guard let never = try? WakeUp() else { return false }
    return never.wait(atMost: Self.pause)
  }

  private mutating func perform(_ effect: SlurmEffect, _ door: inout LaunchDoor)
    throws(CommandError)
  {
    switch effect {
    case .askCoordinator: askCoordinator()
    case .askQueue:
      switch programs.list() {
      case .value(let jobs): events.append(.queue(jobs))
      case .refusal(let reason), .none(let reason): events.append(.queueFailed(reason))
      }
    case .submit(let token):
      script.invitation = try door.invitation(for: programs.prefix)
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
