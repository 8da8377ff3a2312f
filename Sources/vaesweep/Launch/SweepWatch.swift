import Dashboard
import Foundation
import Platform
import Sweep

/// Shows a sweep again and again, until it is complete: in one place of a terminal, as blocks of lines
/// where standard output is none.
struct SweepWatch {
  let every: Duration
  let stop: StopSignal
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private var size: TerminalSize?
  private var previous: WatchPage?
  private var shown: ContinuousClock.Instant?

  /// Lines are as wide where nothing is known of a terminal.
  private static let plainWidth = 80
  /// A coordinator that says nothing for so long does not come back by itself.
  private static let longestSilence = Duration.seconds(60)

  init(every: Duration, stop: StopSignal) {
    self.every = every
    self.stop = stop
  }

  /// - Throws: With exit status 3 where the sweep is complete and has gaps, 130 where a stop comes first.
  mutating func run(_ source: some WatchSource, silence: String) throws(CommandError) {
    var source = source
    var last: SweepView?
    var heard = ContinuousClock.now
    var ending = WatchEnding()
    while !stop.isRequested, Output.isWanted {
      let view = try source.look()
      let now = ContinuousClock.now
      if let view {
        (last, heard) = (view, now)
      } else {
        guard !stop.isRequested else { break }
        guard last != nil, now - heard < Self.longestSilence else { throw .failure(silence) }
      }
      let isFresh = view != nil
      if var view = view ?? last {
        if now - heard >= .seconds(5) {
          view.alerts.append("no answer for \(((now - heard) / .seconds(1)).secondsInWords)")
        }
        let isOver = ending.isReached(by: view, isFresh: isFresh, at: now)
        let isDue = !ending.isNear && (shown.map { now - $0 >= every } ?? true)
        if isOver || isDue {
          shown = now
          try show(view)
        }
        if isOver {
          if view.hasGaps { throw CommandError(.failedPoints, nil) }
          return
        }
      }
      let pause = ending.isNear ? WatchEnding.pause : max(every, .milliseconds(100))
      _ = stop.wakeUp.wait(atMost: min(source.pause, pause))
    }
    guard Output.isWanted else { return }
    throw CommandError(.interrupted, nil)
  }

  private mutating func show(_ view: SweepView) throws(CommandError) {
    guard isTerminal else {
      let page = WatchPage(view, width: Self.plainWidth)
      if let text = WatchFrame.block(page, after: previous) { try Output.write(text) }
      previous = page
      return try Output.flush()
    }
    let now = TerminalSize.ofStandardOutput
    if size != now, size != nil {
      // Its lines are broken elsewhere now: nothing of them is where it was.
      try Output.write("\u{1b}[2J\u{1b}[H")
      previous = nil
    }
    size = now
    // The line below the page is the cursor's.
    let page = WatchPage(view, width: now.width, height: max(4, now.height - 1))
    try Output.write(WatchFrame.redraw(page, after: previous))
    previous = page
    try Output.flush()
  }
}
