import Dashboard
import Testing
import Wire

@Suite("When a watch ends")
struct WatchEndingTests {
  /// A watch of a sweep of four points.
  private final class Watch {
    private let start = ContinuousClock.now
    private var ending = WatchEnding()

    var isNear: Bool { ending.isNear }

    /// - Parameters:
    ///   - ok: Points that are counted as ok.
    ///   - told: Of these in the summary.
    func isOver(
      ok: Int, told: Int, leftOut: Int = 0, at time: Duration = .zero, isFresh: Bool = true
    ) -> Bool {
      var view = SweepView(sweep: "small", origin: "coordinator epoch 1")
      view.counts.points = 4
      view.counts.ok = ok
      view.summary = [SummaryRow(configuration: "784-16-2", planned: 4, ok: told, diverged: 0)]
      view.summaryLeftOut = leftOut
      return ending.isReached(by: view, isFresh: isFresh, at: start + time)
    }
  }

  @Test("Not while a point is missing, and at once when the summary tells of every outcome")
  func whole() {
    let watch = Watch()
    #expect(!watch.isOver(ok: 3, told: 3))
    #expect(!watch.isNear)
    #expect(watch.isOver(ok: 4, told: 4))
  }

  @Test("A summary that is behind the counts is waited for")
  func behind() {
    let watch = Watch()
    #expect(!watch.isOver(ok: 4, told: 3))
    #expect(watch.isNear)
    #expect(watch.isOver(ok: 4, told: 4, at: WatchEnding.pause))
  }

  @Test("But not for ever, and not from a coordinator that has gone")
  func patience() {
    let slow = Watch()
    #expect(!slow.isOver(ok: 4, told: 3))
    #expect(!slow.isOver(ok: 4, told: 3, at: .milliseconds(1900)))
    #expect(slow.isOver(ok: 4, told: 3, at: .seconds(2)))
    let gone = Watch()
    #expect(!gone.isOver(ok: 4, told: 3))
    #expect(gone.isOver(ok: 4, told: 3, at: .milliseconds(200), isFresh: false))
  }

  @Test("A sweep that is extended meanwhile is watched on")
  func extended() {
    let watch = Watch()
    #expect(!watch.isOver(ok: 4, told: 3))
    #expect(!watch.isOver(ok: 3, told: 3))
    #expect(!watch.isNear)
    #expect(!watch.isOver(ok: 4, told: 3, at: .seconds(3)))
  }

  @Test("A summary that leaves configurations out cannot be waited for")
  func leftOut() {
    #expect(Watch().isOver(ok: 4, told: 1, leftOut: 1))
  }
}
