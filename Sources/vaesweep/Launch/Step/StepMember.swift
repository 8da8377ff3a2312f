import Foundation
import Keyring
import Logging
import Platform
import Sweep
import Worker
import ZeroMQ

/// A task of a Slurm step that is not its first: it finds that one and is a worker of its sweep.
struct StepMember {
  /// Until the file is looked for again.
  private static let pauses = Duration.milliseconds(100)...Duration.seconds(1)
  /// A coordinator that was there and is silent for this long is gone: nobody starts it again.
  private static let longestSilence = Duration.seconds(60)
  /// Until the file is looked at again while the worker works: a disk may have a thousand tasks to serve.
  private static let lookPause = Duration.seconds(5)

  let file: RendezvousFile
  /// How long the first task may take until it coordinates.
  let wait: Duration
  let slots: SlotCount?
  let end: ContinuousClock.Instant?
  let keyFolder: KeyFolder
  let stop: StopSignal
  let logger: Logger

  /// Returns when the step is over, this task was asked to stop, or its time is.
  func run() throws(CommandError) {
    guard var door = try find() else { return }
    var worker = start(door)
    var lookedAt = ContinuousClock.now
    while true {
      if let ending = worker.ending {
        guard try !mustStart(worker, anewAfter: ending) else { continue }
        return try worker.end()
      }
      if stop.isRequested { return try worker.end() }
      _ = stop.wakeUp.wait(atMost: Self.pauses.upperBound / 4)
      guard ContinuousClock.now - lookedAt >= Self.lookPause else { continue }
      lookedAt = ContinuousClock.now
      switch try file.read() {
      case nil: continue
      case .ended?:
        logger.info("task 0 has ended, and with it the step")
        return try worker.end()
      case .open(let next)?:
        guard next != door else { continue }
        // What was found first was of an earlier life of this cluster.
        logger.info("task 0 coordinates at \(next.invitation.endpoint)")
        try worker.end()
        door = next
        worker = start(door)
      }
    }
  }

  /// Judges the end of this task's worker.
  ///
  /// - Returns: Whether it was started again.
  private func mustStart(
    _ worker: WorkerChild, anewAfter ending: ProcessEnd
  ) throws(CommandError) -> Bool {
    if ending == .status(0) || stop.isRequested { return false }
    if try file.read() == .ended { return false }
    switch ending {
    case .status(let status):
      throw .failure(
        "this task's worker ended with status \(status): has task 0 of step \(file.step.name) ended?"
      )
    case .signal(let number):
      guard worker.mayStartAgain else {
        throw .failure("this task's worker was ended by signals, the last time by \(number)")
      }
      logger.warning("this task's worker was ended by signal \(number); starting it again")
      worker.start()
      return true
    }
  }

  /// Waits for the first task; nil where the step is over or this task is to stop.
  private func find() throws(CommandError) -> RendezvousNote.Door? {
    let start = ContinuousClock.now
    var pause = Self.pauses.lowerBound
    var hasSaid = false
    while !stop.isRequested {
      switch try file.read() {
      case .ended?: return nil
      case .open(let door)?: return door
      case nil: break
      }
      let waited = ContinuousClock.now - start
      if let end, ContinuousClock.now >= end { return nil }
      guard waited < wait else {
        throw .failure(
          "task 0 of step \(file.step.name) wrote no \(file.path) within \(wait.inWords): has it ended, "
            + "or does this host see another folder there? name one that all tasks see with --rendezvous "
            + "DIR")
      }
      if !hasSaid, waited >= .seconds(5) {
        hasSaid = true
        logger.info("waiting up to \(wait.inWords) for task 0, which writes \(file.path)")
      }
      _ = stop.wakeUp.wait(atMost: pause)
      pause = min(pause * 2, Self.pauses.upperBound)
    }
    return nil
  }

  private func start(_ door: RendezvousNote.Door) -> WorkerChild {
    let arguments = WorkerArguments(
      contact: .invitation(Self.reached(door)), slots: slots, end: end, keyFolder: keyFolder,
      wait: min(wait, Self.longestSilence), isQuiet: true)
    let worker = WorkerChild(arguments: arguments, stop: stop)
    worker.start()
    return worker
  }

  /// The invitation with the first address at which somebody takes connections.
  ///
  /// A cluster's nodes know each other by names or over a network that is not the way to everywhere.
  private static func reached(_ door: RendezvousNote.Door) -> Invitation {
    guard let port = door.invitation.endpoint.port else { return door.invitation }
    let local = door.host == HostName.current ? ["127.0.0.1"] : []
    for address in local + door.addresses + [door.host] {
      guard let endpoint = try? Endpoint(parsing: "tcp://\(address):\(port)"),
        Reachability.find(endpoint) == .reached
      else { continue }
      return door.invitation.leading(to: endpoint)
    }
    // The worker says what keeps them apart.
    return door.invitation
  }
}
