import Dashboard
import TestSupport
import Testing
import Wire

@Suite("The live page and names that mean harm", .onOwnThread)
struct HostilePageTests {
  @Test(
    "No name of a host, a configuration or a sweep, and no reason, becomes markup",
    Requirement.program(Browser.program))
  func injection() throws {
    let name = "</title></script><img src=x onerror=\"document.title='taken'\"><svg onload='x()'>"
    var status = try ViewFixture.status()
    status.sweep = name
    status.workers[0].host = name
    status.workers[1].drained = name
    status.alerts = [name]
    status.failures[0].reason = "\u{202e}\(name)"
    status.summary[0].configuration = name
    let board = SweepBoard()
    var history = SweepHistory()
    history.look(status, at: 0)
    board.put(
      SweepSnapshot(
        status: status, counters: SweepCounters(since: 0), history: history, number: 1))
    let pages = DashboardPages(board, program: ProgramFacts(version: "0.1.0", trainerVersion: 1))
    let server = try DashboardServer(
      at: HTTPAddress(host: .ip4("127.0.0.1"), port: 0), rule: try AccessRule(token: nil),
      pages: pages)
    let visit = try Browser.visit(
      "http://\(server.address)/", in: TemporaryFolder(), reaching: "127.0.0.1", seconds: 3)
    #expect(visit.console == [])
    // The title, the heading, the alert, the reason, the configuration, the drained worker, and the host
    // in both its places with what they bear of it in attributes.
    #expect(visit.document.matches(of: #/&lt;\/title&gt;&lt;\/script&gt;&lt;img/#).count >= 8)
    #expect(!visit.document.contains("<img") && !visit.document.contains("<svg onload"))
    #expect(!visit.document.contains("<title>taken") && !visit.document.contains("\u{202e}"))
    withExtendedLifetime(server) {}
  }
}
