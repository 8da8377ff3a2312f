import Foundation
import TestSupport
import Testing

@Suite("A worker between coordinators", .serialized)
struct StayTests {
  @Test("with stay serves one sweep after the other, each with its own store")
  func twoStores() throws {
    let program = try Program()
    let port = try FreePort.find()
    let endpoint = "tcp://127.0.0.1:\(port)"
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "2", "--stay")
    for name in ["first", "second"] {
      let sweep = try program.writeSweep(name, seeds: name == "first" ? "0..5" : "6..8")
      let coordinator = try program.run(
        "coordinator", sweep, "--store", "\(name).sqlite", "--bind", endpoint)
      #expect(coordinator.status == 0, "\(coordinator.errors)")
      // The numbers of the first store's attempts come again in the second.
      #expect(!coordinator.errors.contains("lost"), "\(coordinator.errors)")
    }
    #expect(try program.results("second.sqlite").count == 6)
    worker.send(SIGTERM)
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
  }

  @Test("that waits for a coordinator whose sweep is done already ends with it")
  func nothingLeft() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    #expect(try program.run("run", sweep).status == 0)
    let endpoint = "tcp://127.0.0.1:\(try FreePort.find())"
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
    try worker.waitForError(containing: "waiting up to 10m")
    // Such a coordinator stays for seconds only, in which a machine that does much else at once may
    // let the worker do nothing: then the next one serves.
    for _ in 0..<20 where !worker.hasEnded {
      let coordinator = try program.run(
        "coordinator", sweep, "--store", "small.sqlite", "--bind", endpoint)
      #expect(coordinator.status == 0)
    }
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
  }
}
