import Dashboard
import Testing
import Wire

@Suite("What a watch shows")
struct WatchPageTests {
  @Test("A sweep in the middle of its work, at 80 columns")
  func golden() throws {
    let page = WatchPage(try ViewFixture.view(), width: 80)
    #expect(
      page.lines.joined(separator: "\n") == """
        sweep page, coordinator epoch 3
        [##############################.........................]  55 %  22 of 40 points
        18 ok, 1 diverged, 2 failed, 1 cancelled, 3 running, 15 waiting, 1 fault
        1,234 points/h, 113,995 images/s, 10 min to 14 min left
        ATTENTION: drained: 3 different points failed on host beta within ten seconds of
          their start

        host   slots   images/s   heard  training
        alpha      4    113,995     now  784-256-32-8-4 epoch 12 (43 %) +2
        beta       2          –     9 s  drained

        failed
        784-16-2, seed 3: 3 lost attempts; the last: alpha fell silent
        784-16-2, seed 4: the trainer process died of signal 11

        configuration      ok  diverged   error    sd  collapsed
        784-256-32-8-4  12/20         1  151.20  0.34       0.25
        784-16-2         6/20         0  178.90  1.20       0.00
        """)
  }

  @Test("No line is wider than the terminal, and none is written below it", arguments: 40...130)
  func fits(width: Int) throws {
    for height in [4, 10, 17, 40] {
      let page = WatchPage(try ViewFixture.view(), width: width, height: height)
      #expect(page.lines.allSatisfy { $0.count <= width })
      #expect(page.lines.count <= height)
    }
  }

  @Test(
    "Where there is no room for all rows each list keeps some, and tells how many more there are")
  func manyWorkers() throws {
    var status = try ViewFixture.status()
    status.workers = (0..<1000).map {
      WorkerStatus(host: "host\($0)", process: 1, slots: 4, finished: 0, running: [])
    }
    let page = WatchPage(SweepView(status), width: 80, height: 24)
    #expect(page.lines.count <= 24)
    #expect(page.lines.contains { $0.hasPrefix("host0 ") })
    #expect(page.lines.contains { $0.hasPrefix("and ") && $0.hasSuffix(" more workers") })
    #expect(page.lines.contains { $0.hasPrefix("784-16-2 ") })
  }

  @Test("Nothing is told of what is not known")
  func nothingYet() {
    var view = SweepView(sweep: "x", origin: "store x.sqlite")
    view.counts.points = 3
    #expect(
      WatchPage(view, width: 60).lines == [
        "sweep x, store x.sqlite",
        "[......................................]  0 %  0 of 3 points", "nothing yet",
      ])
  }

  @Test("A complete sweep says so, and asks for no patience")
  func complete() {
    var view = SweepView(sweep: "x", origin: "o")
    (view.counts.points, view.counts.ok, view.secondsLeft) = (2, 2, 0...0)
    let lines = WatchPage(view, width: 50).lines
    #expect(lines.last == "complete")
    #expect(lines[1].contains("100 %"))
    #expect(view.isComplete && !view.hasGaps)
    view.lackingArtifacts = 1
    #expect(!view.isComplete)
  }

  @Test("Two workers of one host are told apart, and control characters steer nothing")
  func hosts() throws {
    var status = try ViewFixture.status()
    status.workers = [1, 2].map {
      WorkerStatus(host: "a\u{1b}[2J", process: $0, slots: 1, finished: 0, running: [])
    }
    let lines = WatchPage(SweepView(status), width: 80).lines
    #expect(lines.contains { $0.contains("(1)") } && lines.contains { $0.contains("(2)") })
    #expect(lines.allSatisfy { !$0.contains("\u{1b}") })
  }

  @Test("A page is written over the one before, and nothing of a longer one stays")
  func redraw() throws {
    var view = SweepView(sweep: "x", origin: "o")
    view.alerts = ["full disk"]
    let long = WatchPage(view, width: 40)
    view.alerts = []
    let short = WatchPage(view, width: 40)
    #expect(
      WatchFrame.redraw(short, after: nil) == short.lines.map { "\r\($0)\u{1b}[K\n" }.joined())
    #expect(
      WatchFrame.redraw(short, after: long) == "\u{1b}[\(long.lines.count)A"
        + short.lines.map { "\r\($0)\u{1b}[K\n" }.joined() + "\u{1b}[J")
  }

  @Test("In a pipe a page that has not changed is not written again")
  func block() throws {
    let page = WatchPage(try ViewFixture.view(), width: 80)
    let text = try #require(WatchFrame.block(page, after: nil))
    #expect(text.hasPrefix("sweep page") && text.hasSuffix("\n"))
    #expect(WatchFrame.block(page, after: page) == nil)
    let other = WatchPage(SweepView(sweep: "x", origin: "o"), width: 80)
    #expect(WatchFrame.block(page, after: other)?.hasPrefix("\nsweep page") == true)
  }
}
