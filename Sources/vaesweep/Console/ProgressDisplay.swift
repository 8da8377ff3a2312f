import Coordinator
import Foundation
import Sweep
import Wire

/// Shows how far a sweep is: a bar where standard error is a terminal, a line now and then where
/// it is not.
struct ProgressDisplay {
  private var pace = ProgressPace()

  mutating func show(_ status: StatusReply) {
    if Console.isTerminal {
      Console.showBar(Self.bar(status, width: TerminalSize.ofStandardError.width))
    } else if pace.isDue(status, at: .now) {
      Console.say(Self.line(status))
    }
  }

  func end() { Console.endBar() }

  /// One line with a bar before it, cut to the terminal's width.
  static func bar(_ status: StatusReply, width: Int) -> String {
    let settled = status.settled
    let size = 24
    let fraction = status.points > 0 ? Double(settled) / Double(status.points) : 1
    let filled = min(size, Int(fraction * Double(size)))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: size - filled)
    let text = "[\(bar)] \(line(status))"
    return text.count > width - 1 ? String(text.prefix(max(0, width - 2))) + "…" : text
  }

  /// The same without the bar.
  static func line(_ status: StatusReply) -> String {
    let settled = status.settled
    // One that failed or is cancelled is named beside those that are done.
    var parts = ["\(status.ok + status.diverged)/\(status.points) points"]
    if status.diverged > 0 { parts.append("\(status.diverged) diverged") }
    if status.failed > 0 { parts.append("\(status.failed) failed") }
    if status.cancelled > 0 { parts.append("\(status.cancelled) cancelled") }
    if status.isPaused { parts.append("paused") }
    if status.lackingArtifacts > 0 {
      parts.append("\(status.lackingArtifacts) without their pictures or measures")
    }
    if status.pointsPerHour > 0, settled < status.points || status.lackingArtifacts > 0 {
      parts.append("\(Int(status.pointsPerHour.rounded()))/h")
      if let left = status.secondsLeft { parts.append("\(left.secondsInWords) left") }
    }
    let running = status.workers.flatMap(\.running)
    if !running.isEmpty {
      parts.append("\(running.count) running: " + running.map(\.shown).joined(separator: ", "))
    }
    return parts.joined(separator: ", ")
  }
}

extension RunningPoint {
  /// What it trains and how far it is, in words.
  var shown: String {
    "\(architecture)\(sampling ? "" : " without sampling") \(progress.percent) %"
  }
}
