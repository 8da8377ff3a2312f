import Coordinator
import Testing
import Wire

@Suite("A log is told how far its sweep is")
struct ProgressPaceTests {
  private let start = ContinuousClock.now

  private func status(
    settled: Int, of points: Int = 100, lacking: Int = 0, running: Int = 1
  ) -> StatusReply {
    StatusReply(
      sweep: "small", coordinatorEpoch: 1, points: points, ok: settled, diverged: 0, failed: 0,
      running: running, workers: [], pointsPerHour: 0, secondsLeft: nil, lackingArtifacts: lacking)
  }

  /// The seconds, of those up to `end`, at which a line is due.
  private func lines(
    until end: Int, _ pace: inout ProgressPace, _ status: (Int) -> StatusReply
  ) -> [Int] {
    (0...end).filter { pace.isDue(status($0), at: start + .seconds($0)) }
  }

  @Test("at once about the first and the last result, and every ten seconds about others")
  func results() {
    var pace = ProgressPace()
    let told = lines(until: 33, &pace) { status(settled: $0 < 3 ? 0 : $0, of: 33) }
    #expect(told == [0, 3, 13, 23, 33])
  }

  @Test("while points that take hours bring no result, after a minute and then ever less often")
  func lulls() {
    var pace = ProgressPace()
    let told = lines(until: 3000, &pace) { _ in status(settled: 0) }
    #expect(told == [0, 60, 180, 420, 900, 1500, 2100, 2700])
  }

  @Test("nothing where nothing runs")
  func stillness() {
    var pace = ProgressPace()
    let told = lines(until: 3000, &pace) { _ in status(settled: 5, running: 0) }
    #expect(told == [0])
  }

  @Test("of measures that come by replay like of points")
  func artifacts() {
    var pace = ProgressPace()
    let told = lines(until: 100, &pace) { second in
      status(settled: 100, lacking: second < 30 ? 2 : 1)
    }
    #expect(told == [0, 30, 90])
    var often = ProgressPace()
    let few = lines(until: 25, &often) { status(settled: 100, lacking: 100 - $0) }
    #expect(few == [0, 10, 20])
  }
}
