import Foundation
import TestSupport
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
  /// A long sweep: whoever does not end by the signal does not end.
  private func program() throws -> (Program, String) {
    let program = try Program()
    return (program, try program.writeSweep(seeds: "0..999", epochs: 10_000))
  }

  @Test("end a sweep at whatever moment they come, and never with a backtrace")
  func anyMoment() throws {
    let (program, sweep) = try program()
    // The dataset is made.
    #expect(try program.run("plan", sweep).status == 0)
    // From the first instruction to where trainers work; how far it is then is the machine's affair.
    for milliseconds in stride(from: 5, through: 250, by: 7) {
      let run = try program.start("run", sweep, "--store", "\(milliseconds).sqlite")
      // No wait for a state: the moment is what is tried, and any is a right one.
      usleep(UInt32(milliseconds) * 1000)
      let signal = [SIGINT, SIGTERM, SIGHUP, SIGQUIT][milliseconds % 4]
      run.send(signal)
      // Interrupted, or ended by the signal itself where it came before it could be heeded.
      let status = try run.waitForEnd()
      #expect(status == 130 || status == 128 + signal, "\(milliseconds) ms: \(run.errors)")
      #expect(!run.errors.contains("crashed"), "\(run.errors)")
    }
  }

  @Test("that come twice at once, as from timeout, are one: what is held is handed back")
  func doubled() throws {
    let (program, sweep) = try program()
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "2")
    try coordinator.waitForError(containing: "joined with 2 slots")
    try StateWait.until("trainers") { try !program.children(of: worker).isEmpty }
    for _ in 0..<3 { worker.send(SIGTERM) }
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    try coordinator.waitForError(containing: ") left")
    coordinator.send(SIGTERM)
    coordinator.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130, "\(coordinator.errors)")
    #expect(!coordinator.errors.contains("lost"), "\(coordinator.errors)")
  }

  @Test("end a worker that waits, also SIGHUP and SIGQUIT", arguments: [SIGHUP, SIGQUIT])
  func waiting(signal: Int32) throws {
    let program = try Program()
    let endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
    let worker = try program.start("worker", "--connect", endpoint)
    try worker.waitForError(containing: "waiting up to 10m")
    worker.send(signal)
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
  }
}
